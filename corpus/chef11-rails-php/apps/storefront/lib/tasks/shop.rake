namespace :invoices do
  task :send => :environment do
    Invoice.unsent.find_each(&:deliver!)
  end
end

namespace :stock do
  task :sync => :environment do
    Product.pluck(:id).each { |id| StockWorker.perform_async(id) }
  end
end
