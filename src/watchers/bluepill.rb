# Bluepill: `Bluepill.application('x') { |app| app.process('y') { |process| process.start_command = '…' } }`.
module Bluepill
  class Settings
    KEYS = %w(
      start_command stop_command restart_command working_dir uid gid environment group pid_file daemonize
      stdout stderr stdall logger stop_grace_time auto_start
    )

    def initialize(told)
      @told = told
    end

    def told
      @told
    end

    def stop_signals=(list)
      Watchers.signals(@told, list)
    end

    def checks(name, options = {})
      Watchers.limit(@told, name, options)
    end

    def monitor_children(*)
      nil
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

  class Application < Settings
    def process(name)
      told = @told.dup
      told['environment'] = told['environment'].dup if told['environment']
      process = Settings.new(told.merge('kind' => 'bluepill', 'name' => name.to_s))
      yield process
      Watchers.add(process.told)
    end
  end

  def self.application(name, options = {})
    yield Application.new('application' => name.to_s)
  end

  def self.method_missing(*)
    nil
  end
end
