#== recipes/default.rb
#== recipes/upgrade.rb
#== libraries/random_password.rb
module Opscode
  module OpenSSL
    module Password
      # A password that nobody has chosen is not known before there is a machine.
      def secure_password(_length = 20)
        shell_out('openssl rand -hex 20').stdout
      end
    end
  end
end
