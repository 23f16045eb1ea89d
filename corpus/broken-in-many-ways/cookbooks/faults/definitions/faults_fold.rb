define :faults_fold, times: 1 do
  faults_fold "#{params[:name]} again" do
    times params[:times] + 1
  end
end
