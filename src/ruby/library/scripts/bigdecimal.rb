class BigDecimal < Numeric
  ROUND_MODE = 256
  ROUND_UP = 1
  ROUND_DOWN = 2
  ROUND_HALF_UP = 3
  ROUND_HALF_DOWN = 4
  ROUND_CEILING = 5
  ROUND_FLOOR = 6
  ROUND_HALF_EVEN = 7

  class << self
    undef_method :new
    def mode(_which, value = nil) = value || ROUND_HALF_UP
    def limit(_digits = nil) = 0

    def of(exact, special = nil)
      made = allocate
      made.instance_variable_set(:@exact, exact)
      made.instance_variable_set(:@special, special)
      made.freeze
    end
  end

  def to_r
    raise FloatDomainError, to_s if @special
    @exact
  end

  def nan? = @special == 'NaN'
  def infinite? = { 'Infinity' => 1, '-Infinity' => -1 }[@special]
  def finite? = @special.nil?
  def zero? = finite? && @exact.zero?
  def nonzero? = zero? ? nil : self
  def negative? = @special ? @special == '-Infinity' : @exact < 0
  def positive? = @special ? @special == 'Infinity' : @exact > 0
  def sign = nan? ? 0 : zero? ? 1 : @special ? (negative? ? -3 : 3) : (negative? ? -2 : 2)
  def to_f = @special ? { 'NaN' => Float::NAN, 'Infinity' => Float::INFINITY, '-Infinity' => -Float::INFINITY }[@special] : @exact.to_f
  def to_i = to_r.to_i
  alias to_int to_i
  def to_d = self
  def hash = [@exact, @special].hash
  def coerce(other) = [BigDecimal(other.is_a?(Float) ? other.to_s : other, 0), self]
  def -@ = @special ? BigDecimal.of(0r, { 'Infinity' => '-Infinity', '-Infinity' => 'Infinity' }[@special] || 'NaN') : BigDecimal.of(-@exact)
  def +@ = self
  def abs = negative? ? -self : self

  def +(other) = calculate(other, :+)
  def -(other) = calculate(other, :-)
  def *(other) = calculate(other, :*)
  def add(other, digits) = (self + other).then { |sum| digits.zero? ? sum : sum.send(:limited, digits) }
  def sub(other, digits) = (self - other).then { |sum| digits.zero? ? sum : sum.send(:limited, digits) }
  def mult(other, digits) = (self * other).then { |sum| digits.zero? ? sum : sum.send(:limited, digits) }

  def /(other)
    by = exact_of(other, :/)
    raise ZeroDivisionError, 'divided by 0' if by.zero?
    quotient = @exact / by
    finite_digits?(quotient) ? BigDecimal.of(quotient) : BigDecimal.of(quotient).send(:limited, 36)
  end
  alias quo /

  def div(other, digits = nil)
    return (self / other).floor unless digits
    digits.zero? ? self / other : BigDecimal.of(@exact / exact_of(other, :/)).send(:limited, digits)
  end

  def %(other) = BigDecimal.of(@exact % exact_of(other, :%))
  alias modulo %
  def divmod(other) = @exact.divmod(exact_of(other, :divmod)).map { |part| BigDecimal.of(part.to_r) }
  def remainder(other) = BigDecimal.of(@exact.remainder(exact_of(other, :remainder)))
  def **(power) = power.is_a?(Integer) ? BigDecimal.of((@exact**power).to_r) : BigDecimal((@exact.to_f**power).to_s)
  def power(exponent, _digits = nil) = self**exponent
  def sqrt(digits = 16) = BigDecimal.of(Rational(Integer.sqrt((@exact * 100**(digits + 16)).floor), 10**(digits + 16)))

  def <=>(other)
    return nil if nan?
    return (@special == 'Infinity' ? 1 : -1) if @special
    case other
    when BigDecimal then other.finite? ? @exact <=> other.to_r : other.nan? ? nil : -other.infinite?
    when Integer, Rational then @exact <=> other
    when Float then other.nan? ? nil : other.infinite? ? -other.infinite? : @exact <=> other.to_r
    end
  end

  def ==(other) = (self <=> other) == 0
  alias eql? ==
  alias === ==

  %i[< <= > >=].each do |operator|
    define_method(operator) do |other|
      order = self <=> other
      raise ArgumentError, "comparison of BigDecimal with #{other.nil? || other.is_a?(Numeric) ? other.inspect : other.class} failed" if order.nil?
      order.public_send(operator, 0)
    end
  end

  def round(digits = nil, mode = nil)
    half = { 'even' => :even, 'down' => :down, 'up' => :up }[mode.is_a?(Hash) ? mode[:half].to_s : '']
    half ||= { ROUND_HALF_EVEN => :even, :half_even => :even, :banker => :even, ROUND_HALF_DOWN => :down, :half_down => :down }[mode]
    return digits && digits != 0 ? truncate(digits) : truncate if [ROUND_DOWN, :down, :truncate].include?(mode)
    return floor(digits || 0) if [ROUND_FLOOR, :floor].include?(mode)
    return ceil(digits || 0) if [ROUND_CEILING, :ceiling, :ceil].include?(mode)
    return to_r.round(half: half || :up) if digits.nil?
    BigDecimal.of(to_r.round(digits, half: half || :up).to_r)
  end

  def floor(digits = nil) = digits.nil? ? to_r.floor : BigDecimal.of(to_r.floor(digits).to_r)
  def ceil(digits = nil) = digits.nil? ? to_r.ceil : BigDecimal.of(to_r.ceil(digits).to_r)
  def truncate(digits = nil) = digits.nil? ? to_r.truncate : BigDecimal.of(to_r.truncate(digits).to_r)
  def fix = BigDecimal.of(@exact.truncate.to_r)
  def frac = BigDecimal.of(@exact - @exact.truncate)
  def exponent = digits_and_exponent[1]
  def precision = zero? ? 0 : [digits_and_exponent[0].length, exponent].max
  def scale = zero? ? 0 : [digits_and_exponent[0].length - exponent, 0].max
  def n_significant_digits = zero? ? 0 : digits_and_exponent[0].length
  def split = [negative? ? -1 : 1, digits_and_exponent[0], 10, exponent]

  def to_s(form = 'E')
    return @special if @special
    plus = form.to_s.start_with?('+') ? '+' : form.to_s.start_with?(' ') ? ' ' : ''
    sign = negative? ? '-' : plus
    return "#{sign}0.0" if zero?
    digits, exponent = digits_and_exponent
    return "#{sign}0.#{digits}e#{exponent}" unless form.to_s.upcase.end_with?('F')
    if exponent <= 0
      "#{sign}0.#{'0' * -exponent}#{digits}"
    elsif digits.length <= exponent
      "#{sign}#{digits.ljust(exponent, '0')}.0"
    else
      "#{sign}#{digits[0, exponent]}.#{digits[exponent..]}"
    end
  end

  def inspect = to_s
  def to_digits = to_s('F')
  def to_json(*) = to_s.to_json

  private

  def exact_of(other, operator)
    case other
    when BigDecimal then other.to_r
    when Integer, Rational then other.to_r
    when Float then BigDecimal(other, 0).to_r
    else
      raise TypeError, "#{other.nil? ? 'nil' : other.class} can't be coerced into BigDecimal"
    end
  end

  def calculate(other, operator)
    return self if nan?
    return BigDecimal(to_f.public_send(operator, other.to_f).to_s) if @special || (other.is_a?(BigDecimal) && !other.finite?)
    BigDecimal.of(@exact.public_send(operator, exact_of(other, operator)))
  end

  def finite_digits?(ratio)
    rest = ratio.denominator
    rest /= 2 while rest.even?
    rest /= 5 while (rest % 5).zero?
    rest == 1
  end

  def limited(digits)
    return self if zero?
    BigDecimal.of(@exact.round(digits - power_of_ten, half: :up).to_r)
  end

  # What `exponent` is, of a fraction without an end too.
  def power_of_ten
    value = @exact.abs
    power = 0
    while value >= 1
      value /= 10
      power += 1
    end
    while value * 10 < 1
      value *= 10
      power -= 1
    end
    power
  end

  # The digits without zeros around them, and where the point stands: 12.5 is 0.125e2.
  def digits_and_exponent
    return ['0', 0] if @exact.zero?
    shift = 0
    value = @exact.abs
    until value.denominator == 1
      value *= 10
      shift += 1
    end
    text = value.to_i.to_s
    [text.sub(/0+\z/, ''), text.length - shift]
  end
end

module Kernel
  def BigDecimal(value, digits = nil, exception: true)
    case value
    when BigDecimal then value
    when Integer then BigDecimal.of(value.to_r)
    when Rational
      raise ArgumentError, "can't omit precision for a Rational." unless digits
      BigDecimal.of(value).send(:limited, digits)
    when Float
      raise ArgumentError, "can't omit precision for a Float." unless digits
      return BigDecimal.of(0r, value.nan? ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity') unless value.finite?
      exact = BigDecimal.of(Rational(value.to_s))
      digits.zero? ? exact : exact.send(:limited, digits)
    when String
      text = value.strip
      return BigDecimal.of(0r, text.delete_prefix('+')) if ['NaN', 'Infinity', '+Infinity', '-Infinity'].include?(text)
      unless text.match?(/\A[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+)([eEdD][+-]?\d+)?\z/)
        raise ArgumentError, "invalid value for BigDecimal(): #{value.inspect}" if exception
        return nil
      end
      BigDecimal.of(BigDecimal.exact(text))
    when nil
      raise TypeError, "can't convert nil into BigDecimal" if exception
    else
      raise TypeError, "can't convert #{value.class} into BigDecimal" if exception
    end
  end
end

def BigDecimal.exact(text)
  number, exponent = text.delete('_').downcase.tr('d', 'e').split('e')
  number = "0#{number}" if number.start_with?('.')
  number = number.sub(/\A([+-])\./, '\10.').chomp('.')
  Rational(number) * Rational(10)**(exponent || 0).to_i
end

class String
  def to_d = BigDecimal.of(BigDecimal.exact(self[/\A\s*([+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/, 1]&.chomp('.') || '0'))
end

class Integer
  def to_d = BigDecimal(self)
end

class Float
  def to_d(digits = 0) = BigDecimal(self, digits)
end

class Rational
  def to_d(digits) = BigDecimal(self, digits)
end

class NilClass
  def to_d = BigDecimal(0)
end
