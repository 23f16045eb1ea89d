require 'spec_helper'

describe 'heliograph::default' do
  let(:runner) { ChefSpec::SoloRunner.new(platform: 'ubuntu', version: '18.04') { |node| node.normal['heliograph']['shared_secret'] = 'spec-PLANTED-2b' } }

  it 'installs' do
    expect(runner.converge(described_recipe)).to install_package('heliograph')
  end
end
