module TSort
  class Cyclic < StandardError; end

  def self.tsort(each_node, each_child) = tsort_each(each_node, each_child).to_a

  def self.tsort_each(each_node, each_child)
    return to_enum(:tsort_each, each_node, each_child) unless block_given?
    each_strongly_connected_component(each_node, each_child) do |component|
      raise Cyclic, "topological sort failed: #{component.inspect}" unless component.size == 1
      yield component.first
    end
  end

  def self.strongly_connected_components(each_node, each_child)
    each_strongly_connected_component(each_node, each_child).to_a
  end

  def self.each_strongly_connected_component(each_node, each_child, &block)
    return to_enum(:each_strongly_connected_component, each_node, each_child) unless block
    numbers = {}
    stack = []
    each_node.call { |node| visit(node, each_child, numbers, stack, &block) unless numbers.key?(node) }
    nil
  end

  def self.each_strongly_connected_component_from(node, each_child, numbers = {}, stack = [], &block)
    return to_enum(:each_strongly_connected_component_from, node, each_child, numbers, stack) unless block
    visit(node, each_child, numbers, stack, &block)
  end

  # The lowest number that `node` reaches; a number is nil once its component was given away.
  def self.visit(node, each_child, numbers, stack, &block)
    lowest = own = numbers[node] = numbers.size
    depth = stack.length
    stack << node
    each_child.call(node) do |child|
      reached = numbers.key?(child) ? numbers[child] : visit(child, each_child, numbers, stack, &block)
      lowest = reached if reached && reached < lowest
    end
    if lowest == own
      component = stack.slice!(depth..)
      component.each { |member| numbers[member] = nil }
      block.call(component)
    end
    lowest
  end
  private_class_method :visit

  def tsort = TSort.tsort(method(:tsort_each_node), method(:tsort_each_child))
  def tsort_each(&block) = TSort.tsort_each(method(:tsort_each_node), method(:tsort_each_child), &block)

  def strongly_connected_components
    TSort.strongly_connected_components(method(:tsort_each_node), method(:tsort_each_child))
  end

  def each_strongly_connected_component(&block)
    TSort.each_strongly_connected_component(method(:tsort_each_node), method(:tsort_each_child), &block)
  end

  def tsort_each_node = raise(NotImplementedError.new)
  def tsort_each_child(_node) = raise(NotImplementedError.new)
end
