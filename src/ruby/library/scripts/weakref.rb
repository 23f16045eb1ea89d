class WeakRef < Delegator
  class RefError < StandardError; end

  def __getobj__ = @kept

  def __setobj__(object)
    @kept = object
  end

  def weakref_alive? = true
end
