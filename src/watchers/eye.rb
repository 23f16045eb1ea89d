# Eye: `Eye.application 'x' do process :y do start_command '…' end end`; what an application or a group sets holds for its processes.
module Eye
  class Settings
    KEYS = %w(
      start_command stop_command restart_command working_dir uid gid pid_file daemonize stdout stderr stdall
      stop_timeout stop_grace auto_start group_name
    )

    def initialize(told)
      @told = told
    end

    def told
      @told
    end

    def name
      @told['name']
    end

    def full_name
      @told['name']
    end

    def env(values = nil)
      @told['env'] ||= {}
      @told['env'] = @told['env'].merge(values) if values
      @told['env']
    end
    alias environment env

    def load_env(file, *)
      @told['env_files'] = (@told['env_files'] || []) + [file]
    end

    def stop_signals(*list)
      Watchers.signals(@told, list)
    end

    def check(name, options = {})
      Watchers.limit(@told, name, options)
    end
    alias checks check

    %w(trigger triggers nocheck notrigger notify nonotify chain depend_on monitor_children use_leaf_process clear_env).each do |name|
      define_method(name) { |*| nil }
    end

    def method_missing(name, *args, **named)
      text = name.to_s
      key = text.chomp('=')
      return nil unless KEYS.include?(key)
      return @told[key] if args.empty?
      @told[key] = args[0]
    end

    def respond_to_missing?(*)
      true
    end
  end

  class Container < Settings
    def process(name, &block)
      told = @told.dup
      told['env'] = told['env'].dup if told['env']
      process = Settings.new(told.merge('kind' => 'eye', 'name' => name.to_s))
      process.instance_exec(process, &block) if block
      Watchers.add(process.told)
    end

    def group(name, &block)
      told = @told.dup
      told['env'] = told['env'].dup if told['env']
      inner = Container.new(told.merge('group' => name.to_s))
      inner.instance_exec(inner, &block) if block
    end

    def define_process(name, &block)
      process(name, &block)
    end
  end

  def self.application(name, options = {}, &block)
    app = Container.new('application' => name.to_s, 'name' => name.to_s)
    app.instance_exec(app, &block) if block
  end

  def self.app(name, options = {}, &block)
    application(name, options, &block)
  end

  def self.method_missing(*)
    nil
  end
end
