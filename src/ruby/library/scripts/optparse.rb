class OptionParser
  class ParseError < RuntimeError
    attr_reader :args
    attr_writer :reason

    def initialize(*args)
      @args = args
      super(args.join(' '))
    end

    def reason = @reason || self.class::REASON
    def message = "#{reason}: #{@args.join(' ')}"
    alias to_s message
    def inspect = "#<#{self.class}: #{@args.join(' ')}>"
    REASON = 'parse error'
  end

  class AmbiguousOption < ParseError; REASON = 'ambiguous option'; end
  class NeedlessArgument < ParseError; REASON = 'needless argument'; end
  class MissingArgument < ParseError; REASON = 'missing argument'; end
  class InvalidOption < ParseError; REASON = 'invalid option'; end
  class InvalidArgument < ParseError; REASON = 'invalid argument'; end
  class AmbiguousArgument < InvalidArgument; REASON = 'ambiguous argument'; end

  Switch = Struct.new(:short, :long, :negatable, :argument, :shown, :type, :description, :block)

  DecimalInteger = Integer
  attr_accessor :program_name, :version, :summary_width, :summary_indent
  attr_writer :banner

  def initialize(banner = nil, width = 32, indent = ' ' * 4)
    @banner = banner
    @summary_width = width
    @summary_indent = indent
    @program_name = 'chef-client'
    @lines = []
    yield self if block_given?
  end

  def banner = @banner || "Usage: #{@program_name} [options]"

  def on(*parameters, &block)
    @lines << switch(parameters, block)
    self
  end
  alias def_option on
  alias define on

  def on_tail(*parameters, &block)
    (@tail ||= []) << switch(parameters, block)
    self
  end

  def on_head(*parameters, &block)
    @lines.unshift(switch(parameters, block))
    self
  end

  def separator(text = '')
    @lines << text
    nil
  end

  def help
    text = banner.end_with?("\n") ? banner.dup : "#{banner}\n"
    (@lines + (@tail || [])).each { |line| text << (line.is_a?(Switch) ? summary(line) : "#{line}\n") }
    text
  end
  alias to_s help

  def parse(*arguments, into: nil) = parse!(arguments.flatten.dup, into: into)
  def order(*arguments, into: nil) = order!(arguments.flatten.dup, into: into)

  def order!(arguments = ARGV, into: nil)
    take(arguments, into, true)
  end

  def parse!(arguments = ARGV, into: nil)
    take(arguments, into, false)
  end
  alias permute! parse!
  alias permute parse

  private

  def switch(parameters, block)
    made = Switch.new([], [], false, nil, nil, nil, [], block)
    parameters.each do |parameter|
      case parameter
      when /\A--\[no-\]([^\s=\[]+)(.*)\z/m
        made.long << $1
        made.negatable = true
        argument(made, $2)
      when /\A--([^\s=\[]+)(.*)\z/m
        made.long << $1
        argument(made, $2)
      when /\A-(.)(.*)\z/m
        made.short << $1
        argument(made, $2)
      when String then made.description << parameter
      when Symbol then made.argument = { REQUIRED: :required, OPTIONAL: :optional, NONE: nil }[parameter]
      else made.type = parameter
      end
    end
    made.argument ||= :required if made.type && made.argument.nil? && made.type != TrueClass && made.type != FalseClass
    made
  end

  def argument(made, text)
    return if text.empty?
    made.argument = text =~ /\A[ =]?\[/ ? :optional : :required
    made.shown ||= text
  end

  def summary(made)
    shorts = made.short.map { |name| "-#{name}" }
    longs = made.long.map { |name| made.negatable ? "--[no-]#{name}" : "--#{name}" }
    left = "#{shorts.empty? ? '    ' : shorts.join(', ')}#{', ' unless shorts.empty? || longs.empty?}#{longs.join(', ')}#{made.shown}"
    first, *more = made.description
    lines =
      if left.length > @summary_width
        ["#{@summary_indent}#{left}"] + made.description.map { |text| "#{@summary_indent}#{' ' * @summary_width} #{text}" }
      else
        ["#{@summary_indent}#{left.ljust(@summary_width)} #{first}".rstrip] +
          more.map { |text| "#{@summary_indent}#{' ' * @summary_width} #{text}" }
      end
    lines.map { |line| "#{line}\n" }.join
  end

  def switches = (@lines + (@tail || [])).select { |line| line.is_a?(Switch) }

  def take(arguments, into, ordered)
    kept = []
    until arguments.empty?
      word = arguments.shift
      case word
      when '--' then break
      when /\A--([^=]+)(?:=(.*))?\z/m then long(word, $1, $2, arguments, into)
      when /\A-(.)(.*)\z/m then short(word, $1, $2, arguments, into)
      else
        kept << word
        break if ordered
      end
    end
    arguments.unshift(*kept)
  end

  def long(word, name, value, arguments, into)
    found = switches.find { |made| made.long.include?(name) }
    negated = false
    if !found && name.start_with?('no-')
      found = switches.find { |made| made.negatable && made.long.include?(name[3..]) }
      negated = !found.nil?
    end
    unless found
      near = switches.select { |made| made.long.any? { |known| known.start_with?(name) } }
      raise AmbiguousOption, word if near.length > 1
      found = near.first
    end
    if !found && name == 'help'
      print help
      exit
    end
    raise InvalidOption, word unless found
    raise NeedlessArgument, word if value && found.argument.nil?
    found.argument && !negated ? with_value(found, "--#{name}", value, arguments, into) : finish(found, !negated, into)
  end

  def short(word, name, rest, arguments, into)
    found = switches.find { |made| made.short.include?(name) }
    if !found && name == 'h'
      print help
      exit
    end
    raise InvalidOption, "-#{name}" unless found
    if found.argument
      with_value(found, "-#{name}", rest.empty? ? nil : rest.delete_prefix('='), arguments, into)
    else
      arguments.unshift("-#{rest}") unless rest.empty?
      finish(found, true, into)
    end
  end

  def with_value(found, name, value, arguments, into)
    if value.nil? && found.argument == :required
      raise MissingArgument, name if arguments.empty?
      value = arguments.shift
    elsif value.nil? && !arguments.empty? && !arguments.first.start_with?('-')
      value = arguments.shift
    end
    finish(found, value.nil? ? nil : convert(found.type, name, value), into)
  end

  def convert(type, name, value)
    if type == Integer then Integer(value)
    elsif type == Float then Float(value)
    elsif type == Numeric then value.include?('.') ? Float(value) : Integer(value)
    elsif type == Symbol then value.to_sym
    elsif type == Array then value.split(',')
    elsif type.is_a?(Array)
      type.include?(value) || type.include?(value.to_sym) ? (type.include?(value) ? value : value.to_sym) : raise(ArgumentError)
    elsif type.is_a?(Hash) then type.fetch(value) { raise ArgumentError }
    elsif type.is_a?(Regexp) then type.match?(value) ? value : raise(ArgumentError)
    else value
    end
  rescue ArgumentError
    raise InvalidArgument.new(name, value)
  end

  def finish(found, value, into)
    found.block&.call(value)
    into[(found.long.first || found.short.first).to_sym] = value if into
  end
end

OptParse = OptionParser
