module Observable
  def add_observer(observer, func = :update)
    @observer_peers ||= {}
    unless observer.respond_to?(func)
      raise NoMethodError, "observer does not respond to `#{func}'"
    end
    @observer_peers[observer] = func
  end

  def delete_observer(observer)
    @observer_peers.delete(observer) if @observer_peers
  end

  def delete_observers
    @observer_peers.clear if @observer_peers
  end

  def count_observers = @observer_peers ? @observer_peers.size : 0

  def changed(state = true)
    @observer_state = state
  end

  def changed? = @observer_state ? true : false

  def notify_observers(*arguments)
    return unless @observer_state
    (@observer_peers || {}).each { |observer, method| observer.__send__(method, *arguments) }
    @observer_state = false
  end
end
