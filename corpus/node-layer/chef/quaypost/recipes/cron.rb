# Belongs to the courier layer: one host.
cron_d 'quaypost-expire' do
  minute 5
  hour '*/2'
  user node['quaypost']['user']
  command "set -a; . /etc/quaypost/env; cd #{node['quaypost']['root']}/current && /usr/bin/node scripts/expire.js '7 days' >> /var/log/quaypost/cron.log 2>&1"
  shell '/bin/bash'
  mailto 'ops@quaypost.example'
end

cron_d 'quaypost-disk' do
  predefined_value '@weekly'
  command 'find /var/log/quaypost -name "*.gz" -mtime +60 -delete'
end
