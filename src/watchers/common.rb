# What the three configuration languages have in common: lengths of time, sizes, and the list of what is watched.
module Watchers
  LIST = []

  def self.add(watch)
    LIST << watch
  end

  def self.all
    LIST
  end

  # `[:quit, 30, :term, 5, :kill]`: the first signal, and the seconds before the next.
  def self.signals(watch, list)
    list = [list].flatten
    watch['stop_signal'] = list[0].to_s
    watch['stop_timeout'] = list[1] if list[1].is_a?(Numeric)
  end

  def self.limit(watch, name, options)
    below = options[:below] || options['below'] || options[:above] || options['above']
    below = below.max if below.is_a?(Array)
    case name.to_s
    when 'mem_usage', 'memory', 'memory_usage'
      watch['memory'] = below if below.is_a?(Numeric)
    when 'http', 'http_response_code'
      watch['url'] = options[:url] || options['url']
      watch['http_port'] = options[:port] || options['port']
      watch['http_path'] = options[:path] || options['path']
    when 'tcp', 'socket', 'socket_responding'
      address = (options[:addr] || options['addr']).to_s
      watch['tcp_port'] = options[:port] || options['port'] || address[/:(\d+)\z/, 1]
    end
  end
end

class Numeric
  def second; self; end
  def minute; self * 60; end
  def hour; self * 3600; end
  def day; self * 86_400; end
  def byte; self; end
  def kilobyte; self * 1024; end
  def megabyte; self * 1_048_576; end
  def gigabyte; self * 1_073_741_824; end
  def percent; self; end
  alias seconds second
  alias minutes minute
  alias hours hour
  alias days day
  alias bytes byte
  alias kilobytes kilobyte
  alias megabytes megabyte
  alias gigabytes gigabyte
end
