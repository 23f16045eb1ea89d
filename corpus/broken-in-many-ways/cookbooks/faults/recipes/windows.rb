file '/etc/faults/windows' do
  content 'before'
end

registry_key 'HKEY_LOCAL_MACHINE\SOFTWARE\Bakery' do
  values [{ name: 'Port', type: :dword, data: 8090 }]
end

powershell_script 'open the till' do
  code 'Start-Service Till'
end

windows_service 'Till' do
  action :start
end

file '/etc/faults/windows_after' do
  content 'after'
end
