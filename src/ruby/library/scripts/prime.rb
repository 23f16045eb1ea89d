class Prime
  include Enumerable

  def self.instance = @instance ||= new
  def self.each(limit = nil, &block) = instance.each(limit, &block)
  def self.first(count) = instance.first(count)
  def self.take(count) = instance.first(count)
  def self.lazy = instance.lazy
  def self.take_while(&block) = instance.take_while(&block)
  def self.prime?(number) = instance.prime?(number)
  def self.prime_division(number) = instance.prime_division(number)
  def self.int_from_prime_division(pairs) = pairs.inject(1) { |product, (prime, power)| product * prime**power }

  def each(limit = nil)
    return to_enum(:each, limit) unless block_given?
    number = 1
    loop do
      number += 1
      break if limit && number > limit
      yield number if prime?(number)
    end
  end

  def prime?(number)
    raise ArgumentError, "Expected an integer, got #{number}" unless number.respond_to?(:integer?) && number.integer?
    return false if number < 2
    (2..Integer.sqrt(number)).none? { |divisor| (number % divisor).zero? }
  end

  def prime_division(number)
    raise ZeroDivisionError if number.zero?
    pairs = []
    if number < 0
      pairs << [-1, 1]
      number = -number
    end
    divisor = 2
    while divisor * divisor <= number
      power = 0
      while (number % divisor).zero?
        number /= divisor
        power += 1
      end
      pairs << [divisor, power] if power > 0
      divisor += 1
    end
    pairs << [number, 1] if number > 1
    pairs
  end
end

class Integer
  def prime? = Prime.prime?(self)
  def prime_division = Prime.prime_division(self)
  def self.from_prime_division(pairs) = Prime.int_from_prime_division(pairs)
  def self.each_prime(limit, &block) = Prime.each(limit, &block)
end
