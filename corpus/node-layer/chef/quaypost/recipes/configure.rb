environment = quaypost_environment

template '/etc/quaypost/env' do
  source 'env.erb'
  owner node['quaypost']['user']
  mode '0600'
  sensitive true
  variables(environment: environment)
end

# The instance profile may read the bucket.
node['quaypost']['config_files'].each do |name, key|
  execute "fetch #{name}" do
    command "aws s3 cp s3://#{node['quaypost']['config_bucket']}/#{key} /etc/quaypost/#{name} --only-show-errors"
    environment 'AWS_DEFAULT_REGION' => node['quaypost']['region'].to_s
    retries 3
    retry_delay 5
  end
end

couriers = search('aws_opsworks_layer', 'shortname:courier').map { |layer| layer['layer_id'] }
hosts = search('aws_opsworks_instance').select { |i| i['status'] == 'online' && (i['layer_ids'] & couriers).any? }

file '/etc/quaypost/couriers' do
  content hosts.map { |i| "#{i['hostname']} #{i['private_ip']}\n" }.sort.join
  mode '0644'
end
