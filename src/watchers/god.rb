# God: `God.watch do |w| w.name = 'x'; w.start = '…' end`.
module God
  # What a condition is told.
  class Condition
    def initialize
      @told = {}
    end

    def told
      @told
    end

    def method_missing(name, *args)
      text = name.to_s
      return @told[name] unless text.end_with?('=')
      @told[text.chomp('=').to_sym] = args[0]
    end

    def respond_to_missing?(*)
      true
    end
  end

  # What stands in `restart_if` and `transition`.
  class Conditions
    def initialize(watch)
      @watch = watch
    end

    def condition(name)
      condition = Condition.new
      yield condition if block_given?
      Watchers.limit(@watch, name, condition.told)
    end

    def method_missing(*)
      nil
    end
  end

  class Watch
    KEYS = %w(name group start stop restart dir uid gid env log err_log log_cmd env_file stop_signal stop_timeout pid_file)

    def initialize
      @told = { 'kind' => 'god' }
    end

    def told
      @told
    end

    def keepalive(options = {})
      memory = options[:memory_max]
      @told['memory'] = memory if memory
    end

    %w(restart_if stop_if start_if lifecycle).each do |name|
      define_method(name) { |&block| block.call(Conditions.new(@told)) if block }
    end

    def transition(*, &block)
      block.call(Conditions.new(@told)) if block
    end

    def method_missing(name, *args)
      text = name.to_s
      return @told[text] unless text.end_with?('=')
      key = text.chomp('=')
      @told[key] = args[0] if KEYS.include?(key)
      args[0]
    end

    def respond_to_missing?(*)
      true
    end
  end

  class Task < Watch
  end

  def self.watch
    watch = Watch.new
    yield watch
    Watchers.add(watch.told)
  end

  def self.task
    watch = Task.new
    yield watch
  end

  def self.contact(*)
    nil
  end

  def self.method_missing(*)
    nil
  end

  module Contacts
    def self.const_missing(*)
      Contact
    end

    class Contact
      def self.defaults
        nil
      end

      def self.method_missing(*)
        nil
      end
    end
  end
end
