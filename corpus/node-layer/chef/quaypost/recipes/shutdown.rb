quaypost_processes.each do |_, process|
  service "quaypost-#{process['name']}" do
    action :stop
  end
end
