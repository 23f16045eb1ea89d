# heliograph_route 'orders' do
#   from 'queue:orders'
#   to %w(tcp:billing.example:7000)
# end
define :heliograph_route, from: nil, to: [], retries: 5, enable: true do
  file ::File.join(node['heliograph']['conf_dir'], 'routes.d', "#{params[:name]}.conf") do
    content(
      ["route #{params[:name]} {", "  from #{params[:from]};"].concat(
        Array(params[:to]).map { |target| "  to #{target};" }
      ).push("  retries #{params[:retries]};", '}', '').join("\n")
    )
    owner 'root'
    group node['heliograph']['group']
    mode '0640'
    action params[:enable] ? :create : :delete
    notifies :reload, 'heliograph_service[heliograph]', :delayed
  end
end
