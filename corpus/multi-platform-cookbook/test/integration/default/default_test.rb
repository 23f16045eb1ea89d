describe port(5090) do
  it { should be_listening }
end
