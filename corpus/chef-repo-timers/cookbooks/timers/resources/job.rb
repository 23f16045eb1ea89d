unified_mode true
provides :timers_job
resource_name :timers_job

use 'partial/_identity'

property :job_name, String, name_property: true, regex: /\A[a-z][a-z0-9-]*\z/
property :description, String, default: lazy { "Job #{job_name}" }
property :command, String, required: %i(create)

# When: calendar times, or a time since boot and since the last run. One of both.
property :on_calendar, [String, Array], default: [], coerce: proc { |times| Array(times) }
property :every, [String, Integer], coerce: proc { |time| time.is_a?(Integer) ? "#{time}s" : time }
property :after_boot, String, default: '2min'
property :random_delay, String, default: '0'
property :persistent, [true, false], default: false
property :timeout, String, default: '1h'

default_action :create

action :create do
  raise ArgumentError, "timers_job[#{new_resource.job_name}]: on_calendar or every, not both" unless calendar? ^ !new_resource.every.nil?

  systemd_unit "#{new_resource.job_name}.service" do
    content(service_unit)
    verify true
    triggers_reload true
    action :create
  end

  systemd_unit "#{new_resource.job_name}.timer" do
    content(timer_unit)
    verify true
    triggers_reload true
    action %i(create enable start)
  end
end

action :delete do
  %w(timer service).each do |kind|
    systemd_unit "#{new_resource.job_name}.#{kind}" do
      action %i(stop disable delete)
    end
  end
end

action_class do
  def calendar?
    !new_resource.on_calendar.empty?
  end

  def service_unit
    service = {
      'Type' => 'oneshot',
      'User' => new_resource.user,
      'Group' => new_resource.group,
      'ExecStart' => new_resource.command,
      'TimeoutStartSec' => new_resource.timeout,
    }
    service['WorkingDirectory'] = new_resource.working_directory if new_resource.working_directory
    service['Environment'] = new_resource.environment.sort.map { |key, value| "\"#{key}=#{value}\"" } unless new_resource.environment.empty?

    { 'Unit' => { 'Description' => new_resource.description, 'Wants' => 'network-online.target', 'After' => 'network-online.target' }, 'Service' => service }
  end

  def timer_unit
    timer = if calendar?
              { 'OnCalendar' => new_resource.on_calendar, 'Persistent' => new_resource.persistent.to_s }
            else
              { 'OnBootSec' => new_resource.after_boot, 'OnUnitActiveSec' => new_resource.every }
            end
    timer['RandomizedDelaySec'] = new_resource.random_delay unless new_resource.random_delay == '0'

    { 'Unit' => { 'Description' => "Timer of #{new_resource.job_name}" }, 'Timer' => timer, 'Install' => { 'WantedBy' => 'timers.target' } }
  end
end
