class StockWorker
  include Sidekiq::Worker
  sidekiq_options :queue => 'stock', :retry => 5

  def perform(product_id)
    Product.find(product_id).refresh_stock!
  end
end
