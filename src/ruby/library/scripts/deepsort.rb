# Sorting of nested lists and maps as the gem deepsort does it.
class Array
  def deep_sort(options = {})
    map { |item| item.respond_to?(:deep_sort) ? item.deep_sort(options) : item }.sort_by { |item| item.to_s }
  end
end

class Hash
  def deep_sort(options = {})
    map { |key, value| [key, value.respond_to?(:deep_sort) && !(value.is_a?(Array) && options[:array] == false) ? value.deep_sort(options) : value] }
      .sort_by { |key, _| key.to_s }.to_h
  end
end
