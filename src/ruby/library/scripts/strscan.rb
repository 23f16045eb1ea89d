class StringScanner
  class Error < StandardError; end

  attr_reader :string

  def initialize(string, _dup = false, fixed_anchor: false)
    @string = string
    @at = 0
    @match = nil
    @before = 0
  end

  def string=(string)
    @string = string
    reset
    string
  end

  def concat(text)
    @string << text
    self
  end
  alias << concat

  def charpos = @at
  def pos = @string[0, @at].bytesize
  alias pointer pos

  def pos=(bytes)
    bytes += @string.bytesize if bytes < 0
    raise RangeError, 'index out of range' if bytes < 0 || bytes > @string.bytesize
    @at = @string.byteslice(0, bytes).length
    bytes
  end
  alias pointer= pos=

  def reset
    @at = 0
    @match = nil
    self
  end

  def terminate
    @at = @string.length
    @match = nil
    self
  end
  alias clear terminate

  def eos? = @at >= @string.length
  def rest? = !eos?
  def rest = @string[@at..] || ''
  def rest_size = rest.bytesize
  def beginning_of_line? = @at == 0 || @string[@at - 1] == "\n"
  alias bol? beginning_of_line?

  def scan(pattern) = look(pattern, true, true, true)
  def match?(pattern) = look(pattern, true, false, false)
  def skip(pattern) = look(pattern, true, true, false)
  def check(pattern) = look(pattern, true, false, true)
  def scan_until(pattern) = look(pattern, false, true, true)
  def exist?(pattern) = look(pattern, false, false, false)
  def skip_until(pattern) = look(pattern, false, true, false)
  def check_until(pattern) = look(pattern, false, false, true)
  def scan_full(pattern, advance, text) = look(pattern, true, advance, text)
  def search_full(pattern, advance, text) = look(pattern, false, advance, text)

  def getch = scan(/./m)
  alias get_byte getch
  def peek(count) = rest.byteslice(0, count)

  def unscan
    raise Error, 'unscan error: previous match record not exist' unless @match
    @at = @before
    @match = nil
    self
  end

  def matched? = !@match.nil?
  def matched = @match && @match[0]
  def matched_size = @match && @match[0].bytesize
  def [](group) = @match && @match[group]
  def captures = @match && @match.captures
  def size = @match && @match.size
  def values_at(*groups) = @match && @match.values_at(*groups)
  def named_captures = @match ? @match.named_captures : {}
  def pre_match = @match && @string[0, @before] + @match.pre_match
  def post_match = @match && @match.post_match

  def inspect
    return '#<StringScanner fin>' if eos?
    ahead = rest.length > 5 ? "#{rest[0, 5]}..." : rest
    head = "#<StringScanner #{pos}/#{@string.bytesize}"
    return "#{head} @ #{ahead.inspect}>" if @at == 0
    behind = @at > 5 ? "...#{@string[@at - 5, 5]}" : @string[0, @at]
    "#{head} #{behind.inspect} @ #{ahead.inspect}>"
  end

  private

  def look(pattern, here, advance, text)
    unless pattern.is_a?(Regexp)
      kind = pattern.nil? ? 'nil' : pattern.class
      raise TypeError, "wrong argument type #{kind} (expected Regexp)" unless here
      raise TypeError, "no implicit conversion of #{kind} into String" unless pattern.is_a?(String)
      pattern = Regexp.new(Regexp.escape(pattern))
    end
    pattern = Regexp.new("\\A(?:#{pattern})") if here
    @match = pattern.match(rest)
    return nil unless @match
    @before = @at
    taken = @match.pre_match + @match[0]
    @at += taken.length if advance
    text ? taken : taken.bytesize
  end
end
