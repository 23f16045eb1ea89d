# bramble_logrotate 'sidekiq' do
#   path '/srv/www/x/shared/log/*.log'
# end
define :bramble_logrotate, :path => nil, :frequency => 'daily', :rotate => 14, :owner => 'deploy' do
  raise "bramble_logrotate[#{params[:name]}]: path is missing" if params[:path].nil?

  template "/etc/logrotate.d/bramble_#{params[:name]}" do
    cookbook 'bramble'
    source 'logrotate.erb'
    owner 'root'
    group 'root'
    mode 0644
    variables(
      :path      => params[:path],
      :frequency => params[:frequency],
      :rotate    => params[:rotate],
      :owner     => params[:owner]
    )
  end
end
