# INI documents as the gem iniparse makes and reads them.
module IniParse
  class ParseError < StandardError; end
  class LineNotAllowed < StandardError; end

  class Option
    attr_reader :key, :values

    def initialize(key, separator)
      @key = key
      @separator = separator
      @values = []
    end

    def value
      @values.length > 1 ? @values : @values.first
    end

    def to_ini
      @values.map { |value| "#{@key}#{@separator}#{value}" }
    end
  end

  class Section
    attr_reader :key

    def initialize(key, options)
      @key = key
      @separator = options[:option_sep] || ' = '
      @lines = []
    end

    def [](key)
      found = @lines.find { |line| line.is_a?(Option) && line.key == key.to_s }
      found && found.value
    end

    def []=(key, value)
      delete(key)
      [value].flatten.each { |one| option(key, one) }
    end

    def has_option?(key)
      !self[key].nil?
    end

    def delete(key)
      @lines.reject! { |line| line.is_a?(Option) && line.key == key.to_s }
      self
    end

    def option(key, value, options = {})
      known = @lines.find { |line| line.is_a?(Option) && line.key == key.to_s }
      unless known
        known = Option.new(key.to_s, options[:option_sep] || @separator)
        @lines << known
      end
      known.values << value
    end

    def line(text)
      @lines << text
    end

    def each
      return enum_for(:each) unless block_given?

      @lines.each { |line| yield line if line.is_a?(Option) }
    end

    include Enumerable

    def to_h
      each_with_object({}) { |option, all| all[option.key] = option.value }
    end
    alias to_hash to_h

    def to_ini
      lines = @key == '__anonymous__' ? [] : ["[#{@key}]"]
      @lines.each { |line| line.is_a?(Option) ? lines.concat(line.to_ini) : lines << line }
      lines.join("\n")
    end
  end

  class Document
    include Enumerable

    def initialize
      @lines = []
    end

    def section(key, options = {})
      known = self[key]
      return known if known

      made = Section.new(key.to_s, options)
      @lines << made
      made
    end

    def [](key)
      @lines.find { |line| line.is_a?(Section) && line.key == key.to_s }
    end

    def has_section?(key)
      !self[key].nil?
    end

    def delete(key)
      key = key.key if key.is_a?(Section)
      @lines.reject! { |line| line.is_a?(Section) && line.key == key.to_s }
      self
    end

    def line(text)
      @lines << text
    end

    def each
      return enum_for(:each) unless block_given?

      @lines.each { |line| yield line if line.is_a?(Section) }
    end

    def to_h
      each_with_object({}) { |section, all| all[section.key] = section.to_h }
    end
    alias to_hash to_h

    def to_ini
      text = @lines.map { |line| line.is_a?(Section) ? line.to_ini : line }.join("\n")
      text.end_with?("\n") ? text : "#{text}\n"
    end
    alias to_s to_ini
  end

  class Generator
    def initialize(options = {})
      @document = Document.new
      @context = @document
      @options = options
    end

    attr_reader :document

    def section(name, options = {})
      raise LineNotAllowed, "You can't nest sections in INI files." unless @context.equal?(@document)

      @context = @document.section(name, @options.merge(options))
      return unless block_given?

      outer = @options
      @options = outer.merge(options)
      yield self
      @options = outer
      @context = @document
      blank
    end

    def option(key, value, options = {})
      raise LineNotAllowed, "You can't add an option to the document." if @context.equal?(@document) && @context.respond_to?(:has_section?)

      @context.option(key, value, @options.merge(options))
    end

    def comment(text, _options = {})
      @context.line("; #{text}")
    end

    def blank
      @context.line('')
    end

    def method_missing(name, *arguments, &block)
      return super if arguments.empty? && block.nil?

      block ? section(name, *arguments, &block) : option(name, *arguments)
    end

    def respond_to_missing?(_name, _all = false)
      true
    end
  end

  def self.gen(options = {})
    generator = Generator.new(options)
    yield generator
    generator.document
  end

  def self.parse(source)
    document = Document.new
    current = nil
    source.to_s.each_line do |line|
      text = line.strip
      if text.empty? || text.start_with?(';', '#')
        (current || document).line(text)
      elsif (heading = text.match(/\A\[(.*)\]/))
        current = document.section(heading[1])
      elsif (pair = text.match(/\A(.*?)\s*=\s*(.*)\z/))
        current ||= document.section('__anonymous__')
        current.option(pair[1], typecast(pair[2]))
      else
        raise ParseError, "Could not parse line: #{text.inspect}"
      end
    end
    document
  end

  def self.typecast(value)
    case value
    when /\A\s*\z/ then nil
    when /\A-?(?:\d|[1-9]\d+)\z/ then Integer(value)
    when /\A-?(?:\d|[1-9]\d+)\.\d+\z/ then Float(value)
    when /\Atrue\z/i then true
    when /\Afalse\z/i then false
    else value
    end
  end
end
