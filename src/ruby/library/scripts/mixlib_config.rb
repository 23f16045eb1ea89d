# Settings objects as the gem mixlib-config makes them: `class Config; extend Mixlib::Config; default :port, 80; end`.
module Mixlib
  module Config
    class UnknownConfigOptionError < StandardError; end

    class Configurable
      def initialize(name)
        @name = name
        @default = nil
        @writer = nil
      end

      def defaults_to(value = nil, &block)
        @default = block || value
        self
      end

      def writes_value(&block)
        @writer = block
        self
      end

      def default?
        !@default.nil?
      end

      def default_value
        value = @default.is_a?(Proc) ? @default.call : @default
        value.is_a?(Hash) || value.is_a?(Array) || value.is_a?(String) ? value.dup : value
      end

      def written(value)
        @writer ? @writer.call(value) : value
      end
    end

    def self.extended(base)
      base.instance_variable_set(:@configuration, {})
      base.instance_variable_set(:@configurables, {})
      base.instance_variable_set(:@config_contexts, {})
      base.instance_variable_set(:@config_context_lists, {})
    end

    attr_accessor :configuration, :configurables, :config_contexts, :config_context_lists

    def config_strict_mode(value = nil)
      @strict = value unless value.nil?
      @strict
    end

    def config_strict_mode=(value)
      @strict = value
    end

    def configure
      yield @configuration
    end

    def from_file(_path, _encoding = nil)
      self
    end

    def default(name, value = nil, &block)
      configurable(name).defaults_to(value, &block)
    end

    def configurable(name)
      made = (@configurables[name.to_sym] ||= Configurable.new(name.to_sym))
      yield made if block_given?
      define_accessor(name.to_sym)
      made
    end

    def config_attr_writer(name, &block)
      configurable(name).writes_value(&block)
    end

    def config_context(name, &block)
      context = @config_contexts[name.to_sym]
      unless context
        context = Class.new
        context.extend(Mixlib::Config)
        @config_contexts[name.to_sym] = context
        define_accessor(name.to_sym)
      end
      context.instance_eval(&block) if block
      context
    end

    def [](name)
      internal_get(name.to_sym)
    end

    def []=(name, value)
      internal_set(name.to_sym, value)
    end

    def key?(name)
      @configuration.key?(name.to_sym)
    end
    alias has_key? key?

    def delete(name)
      @configuration.delete(name.to_sym)
    end

    def reset
      @configuration = {}
      @config_contexts.each_value(&:reset)
    end

    def keys
      @configuration.keys
    end

    def save(include_defaults = false)
      all = {}
      @configurables.each { |name, known| all[name] = known.default_value if include_defaults && known.default? }
      all.merge!(@configuration)
      @config_contexts.each { |name, context| all[name] = context.save(include_defaults) }
      all
    end
    alias to_hash save
    alias to_h save

    def merge!(values)
      values.each do |name, value|
        context = @config_contexts[name.to_sym]
        context && value.is_a?(Hash) ? context.merge!(value) : internal_set(name.to_sym, value)
      end
      self
    end
    alias restore merge!

    def method_missing(name, *arguments)
      plain = name.to_s.chomp('=').to_sym
      if arguments.any?
        internal_set(plain, arguments.first)
      else
        internal_get(plain)
      end
    end

    def respond_to_missing?(_name, _all = false)
      true
    end

    private

    def define_accessor(name)
      define_singleton_method(name) { |*arguments| arguments.empty? ? internal_get(name) : internal_set(name, arguments.first) }
      define_singleton_method("#{name}=") { |value| internal_set(name, value) }
    end

    def internal_set(name, value)
      known = @configurables[name]
      if @strict && known.nil? && !@config_contexts.key?(name)
        raise UnknownConfigOptionError, "Cannot set unsupported config value #{name}."
      end

      if @config_contexts.key?(name)
        @config_contexts[name].merge!(value)
      else
        @configuration[name] = known ? known.written(value) : value
      end
    end

    def internal_get(name)
      return @config_contexts[name] if @config_contexts.key?(name)
      return @configuration[name] if @configuration.key?(name)

      known = @configurables[name]
      if known.nil? && @strict
        raise UnknownConfigOptionError, "Reading unsupported config value #{name}."
      end

      @configuration[name] = known.default_value if known && known.default?
    end
  end
end
