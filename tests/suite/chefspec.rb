# A small RSpec with ChefSpec: groups and examples, expectations, matchers, stubs, and runners that the evaluation under test converges.
# `EkibenSpec` has the native side: start, converge, resources, performed, notes, render, files, known, report.

module EkibenSpec
  class Unasked < StandardError; end
  class Mismatch < StandardError; end
  class Pending < StandardError; end

  class << self
    attr_accessor :current, :spec_path, :unsure

    def shared; @shared ||= {}; end
    def examples; @examples ||= []; end
    def settings; @settings ||= Settings.new; end
    def commands; @commands ||= []; end
    def queries; @queries ||= []; end
    def undo; @undo ||= []; end
    def awaited; @awaited ||= []; end
    def cache; @cache ||= {}; end
    def matchers; @matchers ||= {}; end
    def derived; @derived ||= []; end

    def fits?(filter, metadata)
      filter.all? { |key, value| value == true ? metadata[key] : (value === metadata[key] || metadata[key] == value) }
    end

    # One example, from its hooks to its last expectation.
    def run(index)
      group, title, block, metadata = examples[index]
      full = "#{group.full_description} #{title}"
      if metadata[:skip] || block.nil?
        report('skipped', full, 'it is pending')
        return
      end
      group.prepare_once
      example = group.new
      EkibenSpec.current = example
      example.instance_variable_set(:@__title, full)
      example.instance_variable_set(:@__metadata, metadata)
      body = lambda do
        begin
          hooks = settings.hooks[:before].select { |filter, _| fits?(filter, metadata) }.map { |_, hook| hook }
          hooks += group.chain.flat_map { |one| one.hooks[:before] }
          hooks.each { |hook| example.instance_exec(example.example, &hook) }
          example.instance_exec(example.example, &block)
          group.chain.reverse.flat_map { |one| one.hooks[:after] }.each { |hook| example.instance_exec(example.example, &hook) }
          awaited.each { |check| check.call }
        rescue Unasked => e
          report('unasked', full, e.message)
        rescue Pending => e
          report('skipped', full, 'it is pending')
        rescue Mismatch => e
          report('fail', full, e.message)
        rescue Exception => e
          report('unasked', full, "#{e.class}: #{e.message.to_s.lines.first.to_s[0, 160]}", backtrace(e))
        end
      end
      arounds = group.chain.flat_map { |one| one.hooks[:around] }
      runner = arounds.reverse.inject(body) do |inner, hook|
        lambda { example.instance_exec(Procedure.new(example.example, inner), &hook) }
      end
      runner.call
    rescue Unasked => e
      report('unasked', full, e.message)
    rescue Exception => e
      report('unasked', full, "#{e.class}: #{e.message.to_s.lines.first.to_s[0, 160]}", backtrace(e))
    ensure
      awaited.clear
      undo.reverse.each { |step| step.call }
      undo.clear
      commands.clear
      queries.clear
    end

    def backtrace(error)
      (error.backtrace || []).first(3).join(' < ')
    end

    # What a stub of the server says to `kind` with `args`; `nil` where there is none.
    def answer(kind, args)
      asked = args.map { |arg| arg.is_a?(Symbol) ? arg.to_s : arg }.reject { |arg| arg.is_a?(Hash) }
      queries.reverse.find do |stub|
        next false unless stub.kind == kind
        wanted = stub.args.map { |arg| arg.is_a?(Symbol) ? arg.to_s : arg }.reject { |arg| arg.is_a?(Hash) }
        wanted += ['*:*'] if kind == :search && wanted.size == 1
        given = kind == :search && asked.size == 1 ? asked + ['*:*'] : asked
        wanted.size <= given.size && wanted.each_with_index.all? { |want, i| want === given[i] }
      end
    end
  end

  class Procedure
    attr_reader :example

    def initialize(example, inner)
      @example = example
      @inner = inner
    end

    def run; @inner.call; end
    alias call run

    def to_proc
      inner = @inner
      proc { inner.call }
    end

    def metadata; @example.metadata; end
    def description; @example.description; end
  end

  Example = Struct.new(:description, :metadata) do
    def full_description; description; end
    def exception; nil; end
  end

  class Settings
    def initialize
      @values = {}
    end

    def hooks; @hooks ||= { before: [], after: [] }; end

    def before(*args, &block)
      filter = args.last.is_a?(Hash) ? args.last : {}
      hooks[:before] << [filter, block] unless args.first == :suite
    end

    def after(*_args, &_block); end
    def around(*_args, &_block); end
    def append_after(*_args, &_block); end

    def include(mod, *_rest); Group.include(mod); end
    def extend(mod, *_rest); Group.extend(mod); end
    def prepend(mod, *_rest); Group.prepend(mod); end
    def files_to_run; []; end
    def mock_with(*_args); end
    def expect_with(*_args); end
    def include_context(name, *_filter); Group.include_context(name); end

    def alias_example_group_to(name, *_rest)
      EkibenSpec.singleton_class.send(:define_method, name) { |*args, **options, &block| describe(*args, **options, &block) }
      RSpec.define_singleton_method(name) { |*args, &block| EkibenSpec.describe(*args, &block) }
      Object.send(:define_method, name) { |*args, &block| EkibenSpec.describe(*args, &block) }
    end

    def define_derived_metadata(filter = {}, &block)
      EkibenSpec.derived << [filter, block]
    end

    def method_missing(name, *args)
      text = name.to_s
      if text.end_with?('=')
        @values[text.chomp('=').to_sym] = args.first
      else
        @values[name]
      end
    end

    def respond_to_missing?(*_args); true; end
  end

  def self.describe(*args, **options, &block)
    Group.subgroup(Group, args, options, block)
  end

  # A group of examples is a class; groups inside it are classes below it.
  class Group
    class << self
      attr_accessor :description, :described, :metadata, :outer

      def hooks; @hooks ||= { before: [], after: [], around: [], once: [] }; end

      def chain
        outer.nil? ? [self] : outer.chain + [self]
      end

      def full_description
        chain.map { |one| one.description.to_s }.reject(&:empty?).join(' ')
      end

      def lets
        @lets ||= Module.new.tap { |mod| include(mod) }
      end

      def subgroup(above, args, options, block)
        group = Class.new(above)
        group.outer = above.equal?(Group) ? nil : above
        parts = args.reject { |arg| arg.is_a?(Hash) || arg.is_a?(Symbol) && args.size > 1 && arg != args.first }
        group.description = parts.map { |part| part.to_s }.join(' ')
        first = args.first
        group.described = first.is_a?(String) || first.is_a?(Symbol) ? nil : first
        own = options.dup
        args.each do |arg|
          own.merge!(arg) if arg.is_a?(Hash)
          own[arg] = true if arg.is_a?(Symbol) && arg != first
        end
        group.metadata = (above.metadata || {}).merge(own)
        group.metadata[:description] = group.description
        group.metadata[:file_path] = EkibenSpec.spec_path
        EkibenSpec.derived.each do |filter, change|
          fits = filter.all? { |key, value| value === group.metadata[key] }
          change.call(group.metadata) if fits
        end
        return group if block.nil?
        begin
          group.class_exec(&block)
        rescue StandardError, ScriptError => e
          EkibenSpec.report('unasked', group.full_description, "a group: #{e.class}: #{e.message.to_s.lines.first.to_s[0, 160]}", EkibenSpec.backtrace(e))
        end
        group
      end

      %i[describe context feature fdescribe fcontext example_group].each do |name|
        define_method(name) { |*args, **options, &block| Group.subgroup(self, args, options, block) }
      end

      %i[xdescribe xcontext].each do |name|
        define_method(name) { |*args, **options, &block| Group.subgroup(self, args, options.merge(skip: true), block) }
      end

      %i[it specify example fit focus scenario].each do |name|
        define_method(name) { |*args, **options, &block| add_example(args, options, block) }
      end

      %i[xit xspecify xexample skip pending].each do |name|
        define_method(name) { |*args, **options, &block| add_example(args, options.merge(skip: true), block) }
      end

      def add_example(args, options, block)
        own = (metadata || {}).merge(options)
        args.each { |arg| own[arg] = true if arg.is_a?(Symbol) }
        title = args.first.is_a?(String) ? args.first : ''
        own[:description] = title
        EkibenSpec.examples << [self, title, block, own]
      end

      def its(name, *_rest, &block)
        path = name.is_a?(Array) ? name : nil
        add_example(["its #{name}"], {}, proc do
          @__its = lambda do
            value = subject
            if path
              value[*path]
            else
              name.to_s.split('.').inject(value) { |inner, part| inner.public_send(part) }
            end
          end
          instance_exec(&block)
        end)
      end

      def before(scope = :each, *_filter, &block)
        return if block.nil?
        if %i[all context].include?(scope)
          hooks[:once] << block
        else
          hooks[:before] << block
        end
      end
      alias prepend_before before
      alias append_before before

      def after(scope = :each, *_filter, &block)
        hooks[:after] << block unless block.nil? || %i[all context suite].include?(scope)
      end
      alias append_after after
      alias prepend_after after

      def around(*_scope, &block)
        hooks[:around] << block
      end

      def prepare_once
        chain.each do |one|
          next if one.instance_variable_get(:@prepared)
          one.instance_variable_set(:@prepared, true)
          holder = one.new
          (one.outer ? one.outer.once_state : {}).each { |name, value| holder.instance_variable_set(name, value) }
          EkibenSpec.current = holder
          one.hooks[:once].each { |hook| holder.instance_exec(&hook) }
          state = {}
          holder.instance_variables.each { |name| state[name] = holder.instance_variable_get(name) unless name.to_s.start_with?('@__') }
          one.instance_variable_set(:@once_state, state)
        end
      end

      def once_state; @once_state || {}; end

      # The block is a method of its own, so that `super()` in it asks the group around.
      def let(name, &block)
        lets.send(:define_method, name, &block)
        owner = self
        kept = Module.new
        kept.send(:define_method, name) do |*args|
          @__memo ||= {}
          key = [owner, name]
          @__memo[key] = super(*args) unless @__memo.key?(key)
          @__memo[key]
        end
        include(kept)
        name
      end

      def let!(name, &block)
        let(name, &block)
        before { send(name) }
      end

      def subject(name = nil, &block)
        let(:subject, &block)
        let(name) { subject } if name
      end

      def subject!(name = nil, &block)
        subject(name, &block)
        before { subject }
      end

      def cached(name, &block)
        key = [self.object_id, name]
        lets.send(:define_method, name) do
          EkibenSpec.cache.fetch(key) { |at| EkibenSpec.cache[at] = instance_exec(&block) }
        end
      end

      def cached!(name, &block)
        cached(name, &block)
        before { send(name) }
      end

      def shared_examples(name, *_rest, &block)
        EkibenSpec.shared[name.to_s] = block
      end
      alias shared_context shared_examples
      alias shared_examples_for shared_examples

      def include_examples(name, *args, **options, &block)
        shared = EkibenSpec.shared[name.to_s]
        raise Unasked, "there are no shared examples #{name}" if shared.nil?
        options.empty? ? class_exec(*args, &shared) : class_exec(*args, **options, &shared)
        class_exec(&block) if block
      end
      alias include_context include_examples

      def it_behaves_like(name, *args, **options, &block)
        shared = EkibenSpec.shared[name.to_s]
        if shared.nil?
          EkibenSpec.report('unasked', "#{full_description} #{name}", 'there are no such shared examples')
          return
        end
        inner = Group.subgroup(self, ["behaves like #{name}"], {}, nil)
        inner.class_exec(&block) if block
        options.empty? ? inner.class_exec(*args, &shared) : inner.class_exec(*args, **options, &shared)
      rescue StandardError => e
        EkibenSpec.report('unasked', "#{full_description} #{name}", "a group: #{e.class}: #{e.message.to_s.lines.first.to_s[0, 160]}")
      end
      alias it_should_behave_like it_behaves_like

      def described_class
        chain.reverse.map(&:described).compact.first
      end

      def described_recipe
        chain.first.description.to_s[/[\w\-]+(::[\w\-]+)?/]
      end

      def described_cookbook
        described_recipe.to_s.split('::').first
      end

      def where(*_args)
        raise Unasked, 'tables of parameters'
      end

      def using(*_args); end

      # The words of newer specs: what the runner is made with.
      def chefspec_options
        @chefspec_options ||= (outer ? Marshal.load(Marshal.dump(outer.chefspec_options)) : { step_into: [], default: {}, normal: {}, override: {}, automatic: {} })
      end

      def recipe(*names, &block)
        blocks = block
        let(:__recipes) { blocks || names }
      end

      def platform(name, version = nil)
        chefspec_options[:platform] = name
        chefspec_options[:version] = version
      end

      def step_into(*names)
        chefspec_options[:step_into] |= names.flatten.map(&:to_s)
      end

      { default: %i[default_attributes], normal: %i[normal_attributes], override: %i[override_attributes],
        automatic: %i[automatic_attributes] }.each do |level, names|
        names.each { |name| define_method(name) { chefspec_options[level] = EkibenSpec.tree(chefspec_options[level]) } }
      end

      def stubs_for_resource(*_args, **_options, &_block); end
      def stubs_for_provider(*_args, **_options, &_block); end
      def stubs_for_current_value(*_args, **_options, &_block); end

      def stub_command(command, &block)
        before { stub_command(command, &block) }
        Later.new(self, :stub_command, [command])
      end

      def stub_data_bag_item(*args)
        Later.new(self, :stub_data_bag_item, args)
      end

      def stub_data_bag(*args)
        Later.new(self, :stub_data_bag, args)
      end

      def stub_search(*args)
        Later.new(self, :stub_search, args)
      end
    end

    def __memo; @__memo ||= {}; end
    def metadata; self.class.metadata; end
    def described_class; self.class.described_class; end
    def described_recipe; self.class.described_recipe; end
    def described_cookbook; self.class.described_cookbook; end

    def example
      Example.new(@__title, @__metadata)
    end

    def subject
      @__subject ||= begin
        subject = described_class
        if subject.is_a?(Class)
          subject.new
        elsif subject.nil?
          chef_run
        else
          subject
        end
      end
    end

    def chefspec_options; self.class.chefspec_options; end

    def chef_runner
      @__chef_runner ||= begin
        options = chefspec_options
        ChefSpec::SoloRunner.new(platform: options[:platform], version: options[:version], step_into: options[:step_into]) do |node|
          options[:automatic].each { |key, value| node.automatic[key] = value }
          options[:default].each { |key, value| node.default[key] = value }
          options[:normal].each { |key, value| node.normal[key] = value }
          options[:override].each { |key, value| node.override[key] = value }
        end
      end
    end

    def chef_run
      @__chef_run ||= begin
        recipes = respond_to?(:__recipes) ? __recipes : [described_recipe]
        recipes.is_a?(Proc) ? chef_runner.converge_block(described_cookbook, &recipes) : chef_runner.converge(*recipes)
      end
    end

    def chef_node; chef_runner.node; end

    def expect(*given, &block)
      Target.new(given.empty? ? block : given.first, !given.empty?)
    end

    def is_expected
      expect(@__its ? @__its.call : subject)
    end

    def should(matcher); is_expected.to(matcher); end
    def should_not(matcher); is_expected.not_to(matcher); end
    def are_expected; is_expected; end
    def allow(target); Allowance.new(target, false); end
    def allow_any_instance_of(target); Allowance.new(target, true); end
    def expect_any_instance_of(target); Allowance.new(target, true, true); end
    def receive(name, &block); Message.new(name, &block); end

    def receive_messages(pairs)
      Messages.new(pairs)
    end

    def receive_message_chain(*names, &block)
      Chain.new(names, block)
    end

    def double(*args, **pairs)
      title = args.first.is_a?(Hash) ? '' : args.first.to_s
      pairs = args.last.merge(pairs) if args.last.is_a?(Hash)
      Double.new(title, pairs, false)
    end

    def instance_double(*args, **pairs); double(*args, **pairs); end
    def class_double(*args, **pairs); double(*args, **pairs); end
    def object_double(*args, **pairs); double(*args, **pairs); end
    def spy(title = '', **pairs); Double.new(title.to_s, pairs, true); end
    def instance_spy(title = '', **pairs); Double.new(title.to_s, pairs, true); end
    def class_spy(title = '', **pairs); Double.new(title.to_s, pairs, true); end

    def stub_const(path, value)
      parts = path.to_s.split('::')
      name = parts.pop.to_sym
      holder = parts.inject(Object) do |inner, part|
        inner.const_defined?(part) ? inner.const_get(part) : inner.const_set(part, Module.new)
      end
      had = holder.const_defined?(name, false)
      before = holder.const_get(name) if had
      holder.send(:remove_const, name) if had
      holder.const_set(name, value)
      EkibenSpec.undo << lambda do
        holder.send(:remove_const, name)
        holder.const_set(name, before) if had
      end
      value
    end

    def stub_command(command, &block)
      CommandStub.new(command, &block).tap { |stub| EkibenSpec.commands << stub }
    end

    %i[search data_bag data_bag_item node].each do |kind|
      define_method("stub_#{kind}") do |*args, **options, &block|
        if kind == :node
          NodeStub.new(args.first || 'node', options, &block)
        else
          QueryStub.new(kind, args, block).tap { |stub| EkibenSpec.queries << stub }
        end
      end
    end

    def stub_chef_vault_item(*args); stub_data_bag_item(*args); end

    def receive_shell_out(*command, stdout: '', stderr: '', exitstatus: 0, **_rest)
      answer = Double.new('shell_out', { stdout: stdout, stderr: stderr, exitstatus: exitstatus, error?: exitstatus != 0, error!: nil }, false)
      Message.new(:shell_out).with(*command).and_return(answer)
    end

    def stubs_for_resource(*_args, **_options, &_block); end
    def stubs_for_provider(*_args, **_options, &_block); end
    def skip(*_args); raise Pending; end
    def pending(*_args); raise Pending; end
    def fail(message = 'failed'); raise Mismatch, message; end
    def aggregate_failures(*_args); yield; end
    def default_attributes; chefspec_options[:default]; end
    def anything; Anything.new; end
    def any_args; AnyArguments.new; end
    def no_args; NoArguments.new; end
    def kind_of(type); Check.new("a kind of #{type}") { |value| value.is_a?(type) }; end
    alias a_kind_of kind_of
    def instance_of(type); Check.new("an instance of #{type}") { |value| value.instance_of?(type) }; end
    alias an_instance_of instance_of
    def duck_type(*names); Check.new("answers #{names}") { |value| names.all? { |name| value.respond_to?(name) } }; end
    def boolean; Check.new('true or false') { |value| value == true || value == false }; end

    def hash_including(*names, **pairs)
      names.each { |name| pairs = pairs.merge(name) if name.is_a?(Hash) }
      Check.new("a hash with #{pairs}") { |value| value.respond_to?(:key?) && pairs.all? { |key, want| value.key?(key) && want === value[key] } }
    end

    def hash_excluding(*names)
      Check.new("a hash without #{names}") { |value| names.none? { |name| value.key?(name) } }
    end

    def array_including(*items)
      items = items.flatten(1)
      Check.new("an array with #{items}") { |value| items.all? { |item| value.include?(item) } }
    end

    # Matchers of values.
    def eq(want); Check.new("== #{want.inspect}") { |value| value == want }; end
    def eql(want); Check.new("eql #{want.inspect}") { |value| value.eql?(want) || value == want }; end
    def equal(want); Check.new("equal #{want.inspect}") { |value| value.equal?(want) || (want.nil? && value.nil?) }; end
    def be_nil; Check.new('nil') { |value| value.nil? }; end
    def be_truthy; Check.new('truthy') { |value| value ? true : false }; end
    def be_falsey; Check.new('falsey') { |value| value ? false : true }; end
    alias be_falsy be_falsey
    def be_true; be_truthy; end
    def be_false; be_falsey; end
    def be_a(type); Check.new("a #{type}") { |value| value.is_a?(type) }; end
    alias be_an be_a
    alias be_kind_of be_a
    alias be_a_kind_of be_a
    def be_instance_of(type); Check.new("an instance of #{type}") { |value| value.instance_of?(type) }; end
    alias be_an_instance_of be_instance_of
    def be_within(delta); Within.new(delta); end
    def be_between(low, high); Check.new("between #{low} and #{high}") { |value| value >= low && value <= high }; end
    def respond_to(*names); Check.new("answers #{names}") { |value| names.all? { |name| value.respond_to?(name) } }; end
    def exist; Check.new('exist') { |value| value.respond_to?(:exist?) ? value.exist? : value.exists? }; end
    def cover(*items); Check.new("covers #{items}") { |value| items.all? { |item| value.cover?(item) } }; end
    def satisfy(_text = nil, &block); Check.new('satisfies the block', &block); end

    def be(*given)
      given.empty? ? Comparison.new : Check.new("be #{given.first.inspect}") { |value| value.equal?(given.first) || value == given.first && (value.is_a?(Integer) || value.is_a?(Symbol) || value.nil?) }
    end

    def match(want)
      Check.new("matches #{want.inspect}") do |value|
        if value.is_a?(String) || value.is_a?(Symbol)
          want.is_a?(String) ? !value.match(want).nil? : EkibenSpec.agree(want, value)
        else
          EkibenSpec.agree(want, value)
        end
      end
    end
    alias match_regex match
    alias a_string_matching match

    def include(*wanted)
      Check.new("includes #{wanted.map(&:inspect).join(', ')}") do |value|
        wanted.all? do |want|
          if want.is_a?(Hash) && value.respond_to?(:key?)
            want.all? { |key, inner| value.key?(key) && EkibenSpec.agree(inner, value[key]) }
          elsif value.is_a?(String)
            want.is_a?(Regexp) || want.is_a?(Check) ? want === value : value.include?(want)
          elsif value.respond_to?(:key?)
            value.key?(want)
          else
            value.include?(want) || value.any? { |item| EkibenSpec.agree(want, item) }
          end
        end
      end
    end
    alias a_hash_including include
    alias a_string_including include
    alias a_collection_including include
    alias including include

    def contain_exactly(*wanted)
      Check.new("exactly #{wanted.inspect}") { |value| EkibenSpec.same_items(wanted, value.to_a) }
    end
    alias a_collection_containing_exactly contain_exactly

    def match_array(wanted)
      wanted = [wanted] unless wanted.is_a?(Array)
      contain_exactly(*wanted)
    end

    def start_with(*wanted)
      Check.new("starts with #{wanted.inspect}") { |value| value.is_a?(Array) ? value.first(wanted.size) == wanted : wanted.all? { |want| value.start_with?(want) } }
    end
    alias a_string_starting_with start_with

    def end_with(*wanted)
      Check.new("ends with #{wanted.inspect}") { |value| value.is_a?(Array) ? value.last(wanted.size) == wanted : wanted.all? { |want| value.end_with?(want) } }
    end
    alias a_string_ending_with end_with

    def have_key(key); Check.new("has the key #{key.inspect}") { |value| value.key?(key) }; end
    def have_value(want); Check.new("has the value #{want.inspect}") { |value| value.value?(want) }; end

    def have_attributes(pairs)
      Check.new("has #{pairs}") { |value| pairs.all? { |name, want| EkibenSpec.agree(want, value.public_send(name)) } }
    end

    def all(matcher)
      Check.new('all') { |value| value.all? { |item| EkibenSpec.agree(matcher, item) } }
    end

    def raise_error(*wanted, &block); Raises.new(wanted, block); end
    alias raise_exception raise_error
    def output(want = nil); Outputs.new(want); end
    def change(*given, &block); Changes.new(given, block); end
    def throw_symbol(want = nil); Check.new('throws') { |block| catch(want) { block.call; return false }; true }; end
    def yield_control; raise Unasked, 'the matcher yield_control'; end
    def have_received(name); Received.new(name); end

    def be_json_eql(want); JsonEqual.new(want); end

    # Matchers of runs.
    def render_file(path); RenderFile.new(path); end
    alias create_file_with_content render_file
    def include_recipe(*names); IncludeRecipe.new(names); end
    def notify(target); Notifies.new(target); end
    def subscribe_to(source); Subscribes.new(source); end
    def do_nothing; Check.new('does nothing') { |resource| raise Mismatch, 'there is no such resource' if resource.nil?; EkibenSpec.performed(resource).all? { |action, _| action == :nothing } }; end
    def link_to(want); Check.new("links to #{want}") { |link| !link.nil? && want === link.to }; end
    def be_installed; raise Unasked, 'it asks a machine'; end

    def method_missing(name, *args, **options, &block)
      text = name.to_s
      if EkibenSpec.matchers.key?(name)
        return EkibenSpec.matchers[name].call(*args)
      end
      if text.start_with?('be_') && args.size <= 1 && text.length > 3 && !EkibenSpec.resource_matcher?(text)
        return Predicate.new(text, "#{text[3..]}?", args)
      end
      if text.start_with?('have_') && args.size <= 2
        return Predicate.new(text, "has_#{text[5..]}?", args)
      end
      if args.size == 1 && text =~ /\A[a-z]+_\w+\z/ && options.empty?
        return ResourceMatcher.new(text, args.first)
      end
      super
    end

    def respond_to_missing?(name, *_rest)
      EkibenSpec.matchers.key?(name)
    end
  end

  class << self
    def tree(value)
      return value if value.is_a?(Tree)
      Tree.from(value)
    end

    def agree(want, value)
      if want.is_a?(Check)
        want.matches?(value)
      elsif want.is_a?(Hash) && value.respond_to?(:key?)
        want.size == value.size && want.all? { |key, inner| value.key?(key) && agree(inner, value[key]) }
      elsif want.is_a?(Array) && value.is_a?(Array)
        want.size == value.size && want.each_with_index.all? { |inner, i| agree(inner, value[i]) }
      else
        want == value || want === value
      end
    end

    def same_items(wanted, items)
      left = items.dup
      wanted.size == left.size && wanted.all? do |want|
        at = left.index { |item| agree(want, item) }
        left.delete_at(at) if at
        !at.nil?
      end
    end

    def resource_matcher?(text)
      types.any? { |type| text.end_with?("_#{type}") }
    end

    # Says whether an expectation holds.
    def settle(matcher, value, wanted, about = nil)
      title = current ? current.example.description : ''
      answer = nil
      begin
        answer = wanted || !matcher.respond_to?(:does_not_match?) ? matcher.matches?(value) : !matcher.does_not_match?(value)
      rescue Mismatch => e
        return report(wanted ? 'fail' : 'hold', title, "#{about}#{matcher.description}: #{e.message}")
      end
      known = known(answer)
      if known.nil?
        report('unasked', title, 'the answer is unknown')
      elsif known == wanted
        report('hold', title, '')
      else
        said = matcher.respond_to?(:why) ? matcher.why : nil
        report('fail', title, "#{wanted ? '' : 'not '}#{matcher.description}: got #{said || shown(value)}")
      end
    end

    def shown(value)
      value.is_a?(ChefSpec::SoloRunner) ? 'the run' : value.inspect.to_s[0, 400]
    rescue StandardError
      '?'
    end
  end

  # Attributes that come to be when they are asked for.
  class Tree < Hash
    def self.from(hash)
      made = new
      hash.each { |key, value| made[key] = value }
      made
    end

    def [](key)
      store(key.to_s, Tree.new) unless key?(key.to_s)
      fetch(key.to_s)
    end

    def []=(key, value)
      store(key.to_s, value.instance_of?(Hash) ? Tree.from(value) : value)
    end
  end

  class Later
    def initialize(group, kind, args)
      @group = group
      @kind = kind
      @args = args
    end

    def and_return(value = nil, &block)
      kind, args = @kind, @args
      @group.before { send(kind, *args).and_return(value, &block) }
    end
  end

  class CommandStub
    attr_reader :command

    def initialize(command, &block)
      @command = command
      @block = block
      @value = nil
    end

    def and_return(value); @value = value; self; end
    def and_raise(error); @block = proc { raise error }; self; end
    def result; @block ? @block.call : @value; end
  end

  class QueryStub
    attr_reader :kind, :args

    def initialize(kind, args, block)
      @kind = kind
      @args = args
      @block = block
    end

    def with(*args); @args += args; self; end
    def and_return(*values); @value = values.size > 1 ? values : values.first; self; end
    def and_raise(error); @block = proc { raise error }; self; end
    def result; @block ? @block.call : @value; end
  end

  class NodeStub
    def initialize(name, options)
      @runner = ChefSpec::SoloRunner.new(options)
      @runner.node.name(name) rescue nil
      @node = @runner.node
      yield @node if block_given?
    end

    def method_missing(name, *args, &block)
      EkibenSpec.use(@runner.number)
      @node.public_send(name, *args, &block)
    end

    def respond_to_missing?(*_args); true; end
  end

  class Target
    def initialize(value, given)
      @value = value
      @given = given
    end

    def to(matcher = nil, message = nil, &block)
      return Comparison.new if matcher.nil?
      case matcher
      when Message, Messages
        matcher.block ||= block if matcher.is_a?(Message)
        Allowance.new(@value, false, true).to(matcher)
      else
        matcher.take_block(block) if block && matcher.respond_to?(:take_block)
        EkibenSpec.settle(matcher, @value, true)
      end
    end

    def not_to(matcher, _message = nil, &block)
      if matcher.is_a?(Message)
        Allowance.new(@value, false, true).to(matcher.never)
      else
        EkibenSpec.settle(matcher, @value, false)
      end
    end
    alias to_not not_to
  end

  class Check
    attr_reader :description

    def initialize(description, &block)
      @description = description
      @block = block
    end

    def matches?(value); @block.call(value); end
    def ===(value); matches?(value); end
    def ==(other); other.is_a?(Check) ? equal?(other) : matches?(other); end
    def and(other); Check.new("#{description} and #{other.description}") { |value| matches?(value) && other.matches?(value) }; end
    def or(other); Check.new("#{description} or #{other.description}") { |value| matches?(value) || other.matches?(value) }; end
    alias & and
    alias | or
    def to_s; description; end
    def inspect; description; end
    def as_null_object; self; end
  end

  class Anything < Check
    def initialize; super('anything') { |_| true }; end
  end

  class AnyArguments < Anything; end
  class NoArguments < Anything; end

  class Comparison < Check
    def initialize; super('truthy') { |value| value ? true : false }; end

    %i[< <= > >= =~].each do |operator|
      define_method(operator) { |want| Check.new("#{operator} #{want.inspect}") { |value| value.public_send(operator, want) } }
    end

    def ==(want); Check.new("== #{want.inspect}") { |value| value == want }; end
  end

  # JSON texts that mean the same.
  class JsonEqual < Check
    def initialize(want)
      @left = []
      super('the same JSON') { |value| plain(JSON.parse(value)) == plain(JSON.parse(want)) }
    end

    def excluding(*keys); @left += keys.map(&:to_s); self; end
    def including(*_keys); self; end

    def plain(value)
      case value
      when Hash then value.reject { |key, _| @left.include?(key) || %w[id created_at updated_at].include?(key) }.map { |key, inner| [key, plain(inner)] }.sort_by(&:first)
      when Array then value.map { |inner| plain(inner) }
      else value
      end
    end
  end

  class Within
    def initialize(delta); @delta = delta; end
    def of(want); Check.new("within #{@delta} of #{want}") { |value| (value - want).abs <= @delta }; end
  end

  class Predicate < Check
    def initialize(text, name, args)
      super(text) do |value|
        if value.respond_to?(name)
          value.public_send(name, *args) ? true : false
        elsif value.respond_to?(name.sub('?', 's?'))
          value.public_send(name.sub('?', 's?'), *args) ? true : false
        else
          raise Unasked, "the matcher #{text}"
        end
      end
    end
  end

  class Raises < Check
    def initialize(wanted, block)
      @type = wanted.find { |one| one.is_a?(Class) }
      @message = wanted.find { |one| !one.is_a?(Class) }
      @after = block
      super("raises #{wanted.inspect}")
    end

    def with_message(message); @message = message; self; end
    def take_block(block); @after = block; end
    def why; @why; end

    def matches?(block)
      begin
        block.call
        @why = 'no error'
        return false
      rescue Unasked
        raise
      rescue Exception => e
        @why = "#{e.class}: #{e.message}"[0, 300]
        return false if @type && !e.is_a?(@type) && !(e.class.name == @type.name)
        return false if @message.is_a?(String) && e.message != @message
        return false if !@message.nil? && !@message.is_a?(String) && !(@message === e.message)
        @after.call(e) if @after
        return true
      end
    end
  end

  class Outputs < Check
    def initialize(want)
      @want = want
      super("outputs #{want.inspect}")
    end

    def to_stdout; @stream = :stdout; self; end
    def to_stderr; @stream = :stderr; self; end
    def to_stdout_from_any_process; self; end
    def to_stderr_from_any_process; @stream = :stderr; self; end

    def matches?(block)
      raise Unasked, 'the matcher output'
    end
  end

  class Changes < Check
    def initialize(given, block)
      @ask = block || proc { given[0].public_send(given[1]) }
      super('changes')
    end

    def by(count); @by = count; self; end
    def from(value); @from = [value]; self; end
    def to(value); @to = [value]; self; end

    def matches?(block)
      before = @ask.call
      before = before.dup if before.is_a?(Array) || before.is_a?(Hash) || before.is_a?(String)
      block.call
      after = @ask.call
      return after - before == @by if @by
      return false if @from && !(before == @from[0])
      return after == @to[0] if @to
      before != after
    end
  end

  class Received < Check
    def initialize(name)
      @name = name
      @count = nil
      super("has received #{name}")
    end

    def with(*args, **options); @args = options.empty? ? args : args + [options]; self; end
    def once; @count = 1; self; end
    def twice; @count = 2; self; end
    def exactly(count); @count = count; self; end
    def times; self; end
    def time; self; end
    def at_least(_count); self; end

    def matches?(target)
      calls = Recorder.calls(target, @name).select { |args| @args.nil? || Message.takes?(@args, args) }
      @count ? calls.size == @count : !calls.empty?
    end
  end

  module Recorder
    def self.all; @all ||= []; end
    def self.note(target, name, args); all << [target, name.to_sym, args]; end

    def self.calls(target, name)
      all.select { |one, called, _| one.equal?(target) && called == name.to_sym }.map { |_, _, args| args }
    end
  end

  # What a stubbed method answers.
  class Message
    attr_reader :name, :args, :count
    attr_accessor :block, :original, :called

    def self.takes?(wanted, given)
      return true if wanted.last.is_a?(AnyArguments) && wanted.size == 1
      return given.empty? if wanted.last.is_a?(NoArguments) && wanted.size == 1
      if wanted.last.is_a?(AnyArguments)
        wanted = wanted[0...-1]
        given = given.first(wanted.size)
      end
      wanted.size == given.size && wanted.each_with_index.all? { |want, i| want == given[i] || want === given[i] }
    end

    def initialize(name, &block)
      @name = name
      @block = block
      @values = []
      @called = 0
    end

    def with(*args, **options, &block)
      @args = options.empty? ? args : args + [options]
      @block = block if block
      self
    end

    def and_return(*values, &block)
      @values = values
      @block = block if block
      @fixed = true
      self
    end

    def and_raise(error = RuntimeError, *rest)
      @block = proc { |*_| raise error, *rest }
      self
    end

    def and_throw(*args); @block = proc { |*_| throw(*args) }; self; end
    def and_yield(*args); (@yields ||= []) << args; self; end
    def and_call_original; @calls_original = true; self; end
    def and_wrap_original(&block); @wrap = block; self; end
    def once; @count = [1, 1]; self; end
    def twice; @count = [2, 2]; self; end
    def thrice; @count = [3, 3]; self; end
    def never; @count = [0, 0]; self; end

    def number(count)
      { once: 1, twice: 2, thrice: 3 }.fetch(count, count)
    end

    def exactly(count); @count = [number(count), number(count)]; self; end
    def at_least(count); @count = [number(count), nil]; self; end
    def at_most(count); @count = [0, number(count)]; self; end
    def times; self; end
    def time; self; end
    def ordered; self; end
    def range; @count; end

    def takes?(given); @args.nil? || Message.takes?(@args, given); end

    def answer(receiver, given, options, block, original)
      @called += 1
      if @calls_original
        raise Unasked, "the original of #{@name} cannot be called" if original.nil?
        return options.empty? ? original.call(*given, &block) : original.call(*given, **options, &block)
      end
      return @wrap.call(original, *given, &block) if @wrap
      @yields.each { |values| @result = block.call(*values) } if @yields && block
      return @result if @yields && !@fixed && @block.nil?
      if @block
        return options.empty? ? @block.call(*given, &block) : @block.call(*given, **options, &block)
      end
      @values.size > 1 ? @values[[@called - 1, @values.size - 1].min] : @values.first
    end
  end

  class Messages
    attr_reader :pairs

    def initialize(pairs); @pairs = pairs; end
  end

  class Chain
    attr_reader :names, :block

    def initialize(names, block)
      @pairs = names.last.is_a?(Hash) ? names.pop : nil
      @names = names.flat_map { |name| name.to_s.split('.') }.map(&:to_sym)
      @block = block
      if @pairs
        @names << @pairs.keys.first
        @value = @pairs.values.first
      end
    end

    def and_return(value); @value = value; self; end
    def and_raise(error); @block = proc { raise error }; self; end
    def value; @block ? @block.call : @value; end
  end

  class Allowance
    def initialize(target, any, awaited = false)
      @target = target
      @any = any
      @awaited = awaited
    end

    def to(message, &block)
      case message
      when Messages
        message.pairs.each { |name, value| install(Message.new(name).and_return(value)) }
      when Chain
        last = message.names.last
        inner = message.names[0...-1].reverse.inject(nil) { |_, _| nil }
        target = @target
        message.names[0...-1].each_with_index do |name, i|
          next_one = Double.new(name.to_s, {}, false)
          allowance = i.zero? ? self : Allowance.new(target, false)
          allowance.to(Message.new(name).and_return(next_one))
          target = next_one
        end
        chain = message
        (message.names.size == 1 ? self : Allowance.new(target, false)).to(Message.new(last) { |*_| chain.value })
      else
        message.block ||= block if block
        install(message)
      end
      message
    end

    def not_to(message); to(message.never); end
    alias to_not not_to

    private

    def install(message)
      list = Allowance.list(@target, message.name, @any)
      list << message
      return unless @awaited
      title = EkibenSpec.current ? EkibenSpec.current.example.description : ''
      EkibenSpec.awaited << lambda do
        low, high = message.range || [1, 1]
        fits = message.called >= low && (high.nil? || message.called <= high)
        EkibenSpec.report(fits ? 'hold' : 'fail', title, fits ? '' : "receives #{message.name} #{message.args.inspect}: called #{message.called} times")
      end
    end

    public

    def self.installed; @installed ||= []; end

    # The stubs of one method of one object; the method is put there with the first.
    def self.list(target, name, any)
      known = installed.find { |one, called, kind, _| one.equal?(target) && called == name && kind == any }
      return known[3] if known
      list = []
      entry = [target, name, any, list]
      installed << entry
      replace(target, name, any, list)
      EkibenSpec.undo << -> { installed.delete_if { |one| one.equal?(entry) } }
      list
    end

    def self.replace(target, name, any, list)
      if target.is_a?(Double)
        target.__list(name, list)
        EkibenSpec.undo << -> { target.__forget(name) }
        return
      end
      holder = any ? target : target.singleton_class
      own = holder.method_defined?(name, false) || holder.private_method_defined?(name, false)
      kept = holder.instance_method(name) if own
      exists = any ? (holder.method_defined?(name) || holder.private_method_defined?(name)) : target.respond_to?(name, true)
      before = !any && exists ? target.method(name) : nil
      general = any && exists ? holder.instance_method(name) : nil
      holder.send(:define_method, name) do |*given, **options, &block|
        all = options.empty? ? given : given + [options]
        Recorder.note(self, name, all)
        message = list.reverse.find { |one| one.takes?(all) }
        original = any ? (general && general.bind(self)) : before
        if message.nil?
          raise Mismatch, "#{name} was called with #{all.inspect[0, 200]}, which no stub takes" if original.nil? || !list.empty?
          options.empty? ? original.call(*given, &block) : original.call(*given, **options, &block)
        else
          message.answer(self, given, options, block, original)
        end
      end
      EkibenSpec.undo << lambda do
        if own
          holder.send(:define_method, name, kept)
        else
          holder.send(:remove_method, name)
        end
      end
    end
  end

  class Double
    def initialize(title, pairs, spy)
      @__title = title
      @__pairs = {}
      pairs.each { |name, value| @__pairs[name.to_sym] = value }
      @__spy = spy
      @__lists = {}
    end

    def __list(name, list); @__lists[name.to_sym] = list; end
    def __forget(name); @__lists.delete(name.to_sym); end
    def as_null_object; @__spy = true; self; end

    def stub(name, value = nil, &block)
      return name.each { |one, answer| @__pairs[one.to_sym] = answer } if name.is_a?(Hash)
      Allowance.new(self, false).to(Message.new(name, &block).and_return(value))
    end

    def inspect; "#<Double #{@__title}>"; end
    def to_s; inspect; end

    %i[name test open puts print format system sleep load exit select send_file p warn display method hash to_ary to_str to_hash to_proc].each do |plain|
      next if %i[method hash].include?(plain)
      define_method(plain) do |*args, **options, &block|
        if @__pairs.key?(plain) || @__lists.key?(plain) || @__spy
          method_missing(plain, *args, **options, &block)
        elsif %i[to_ary to_str to_hash to_proc].include?(plain)
          nil
        else
          raise Mismatch, "#{inspect} received unexpected message #{plain}"
        end
      end
    end

    def respond_to?(name, *_rest)
      return false if %i[to_ary to_str to_hash to_proc].include?(name.to_sym) && !@__pairs.key?(name.to_sym)
      @__spy || @__pairs.key?(name.to_sym) || @__lists.key?(name.to_sym) || Object.method_defined?(name)
    end

    def method_missing(name, *args, **options, &block)
      all = options.empty? ? args : args + [options]
      Recorder.note(self, name, all)
      if (list = @__lists[name.to_sym])
        message = list.reverse.find { |one| one.takes?(all) }
        return message.answer(self, args, options, block, nil) if message
      end
      return @__pairs[name.to_sym] if @__pairs.key?(name.to_sym)
      return self if @__spy
      raise Mismatch, "#{inspect} received unexpected message #{name} with #{all.inspect[0, 100]}"
    end
  end

  class RunMatcher < Check
    def initialize(description)
      super(description)
    end

    def run_of(runner)
      runner = runner.converge_result if runner.respond_to?(:converge_result)
      raise Unasked, "#{description} is asked of #{EkibenSpec.shown(runner)}" unless runner.is_a?(ChefSpec::SoloRunner)
      @runner = runner
      EkibenSpec.use(runner.number)
      runner
    end

    def why; @why; end
  end

  class ResourceMatcher < RunMatcher
    def initialize(text, name)
      @text = text
      @name = name
      @with = {}
      super("#{text}(#{name.inspect})")
    end

    def with(parameters = {}); @with = @with.merge(parameters); self; end
    def at_compile_time; @phase = true; self; end
    def at_converge_time; @phase = false; self; end

    def method_missing(name, *args, &block)
      text = name.to_s
      return super unless text.start_with?('with_')
      @with = @with.merge(text[5..].to_sym => args.first)
      self
    end

    def respond_to_missing?(name, *_rest); name.to_s.start_with?('with_'); end

    def matches?(runner)
      run_of(runner)
      EkibenSpec.unsure = false
      found = @runner.all_resources.select do |resource|
        kind = EkibenSpec.kind(resource)
        @text.end_with?("_#{kind}") && EkibenSpec.named?(@name, resource)
      end
      known = EkibenSpec.types.any? { |type| @text.end_with?("_#{type}") }
      found = found.select do |resource|
        action = @text[0...-(EkibenSpec.kind(resource).length + 1)].to_sym
        EkibenSpec.performed(resource).any? { |done, _| done == action }
      end
      if found.empty?
        raise Unasked, 'the name of a resource is unknown' if EkibenSpec.unsure
        raise Unasked, "nobody knows the resource of the matcher #{@text}" if !known && @runner.whole?
        same = @runner.all_resources.select { |resource| EkibenSpec.named?(@name, resource) }
        @why = 'no such resource' + (same.empty? ? '' : ": #{same.map { |one| "#{EkibenSpec.kind(one)} #{EkibenSpec.performed(one).map(&:first)}" }.first(4).join(', ')}")
        return false
      end
      resource = found.last
      action = @text[0...-(EkibenSpec.kind(resource).length + 1)].to_sym
      @why = 'it'
      answer = true
      @with.each do |name, want|
        value = EkibenSpec.parameter(resource, name)
        same = EkibenSpec.same_parameter(name, want, value)
        state = EkibenSpec.known(same)
        raise Unasked, "the property #{name} is unknown" if state.nil?
        unless state
          @why = "#{name} #{value.inspect[0, 500]}, wanted #{want.inspect[0, 500]}"
          answer = false
        end
      end
      unless @phase.nil?
        phase = @phase
        unless EkibenSpec.performed(resource).any? { |done, early| done == action && early == phase }
          @why = 'another phase'
          answer = false
        end
      end
      raise Unasked, 'the resource depends on something unknown' if EkibenSpec.conditional?(resource)
      answer
    end
  end

  class << self
    def named?(want, resource)
      name = EkibenSpec.name_of(resource)
      # Each answer may be unknown, which is neither true nor false.
      answers = [known(want === name), known(want === identity(resource))]
      answers << known(want.to_s == name.to_s) unless want.is_a?(Regexp)
      answers << known(want == Array(parameter(resource, :package_name))) if want.is_a?(Array)
      self.unsure = true if !answers.include?(true) && answers.include?(nil)
      answers.include?(true)
    rescue Unasked
      raise
    rescue StandardError
      false
    end

    def parameter(resource, name)
      resource.public_send(name)
    rescue Unasked
      raise
    rescue StandardError
      nil
    end

    def same_parameter(name, want, value)
      if name.to_s == 'source'
        want.is_a?(Regexp) ? Array(value).any? { |one| want === one } : Array(want) == Array(value)
      elsif want.is_a?(Class)
        want == value || value.is_a?(Class) && want.name == value.name
      else
        want == value || want === value
      end
    end
  end

  class RenderFile < RunMatcher
    def initialize(path)
      @path = path
      @contents = []
      super("render_file(#{path.inspect})")
    end

    def with_content(content = nil, &block)
      @contents << (block || content)
      self
    end

    def take_block(block); @contents << block if block; end

    def matches?(runner)
      run_of(runner)
      EkibenSpec.unsure = false
      found = @runner.all_resources.select do |resource|
        %w[file template cookbook_file].include?(EkibenSpec.kind(resource)) && EkibenSpec.named?(@path, resource)
      end
      made = found.select { |resource| EkibenSpec.performed(resource).any? { |action, _| %i[create create_if_missing].include?(action) } }
      if made.empty?
        raise Unasked, 'the name of a resource is unknown' if EkibenSpec.unsure
        @why = found.empty? ? 'no such file' : 'a file that is not created'
        return false
      end
      resource = made.last
      raise Unasked, 'the file depends on something unknown' if EkibenSpec.conditional?(resource)
      return true if @contents.empty?
      text = EkibenSpec.render(resource)
      raise Unasked, "its content is not known [#{text}]" if text.nil? || text.is_a?(Symbol)
      @why = text.to_s
      @contents.all? do |content|
        case content
        when Proc
          answer = EkibenSpec.current.instance_exec(text, &content)
          true
        when Regexp then text =~ content ? true : false
        when Check then content.matches?(text)
        when nil then true
        else text.include?(content.to_s)
        end
      end
    end
  end

  class IncludeRecipe < RunMatcher
    def initialize(names)
      @names = names.map { |name| name.to_s.include?('::') ? name.to_s : "#{name}::default" }
      super("include_recipe(#{names.inspect})")
    end

    def matches?(runner)
      run_of(runner)
      loaded = EkibenSpec.recipes
      @why = loaded.inspect
      @names.all? { |name| loaded.include?(name) }
    end
  end

  class Notifies < Check
    def initialize(target)
      @target = target.is_a?(String) ? target : EkibenSpec.reference(target)
      @action = nil
      super("notify(#{@target})")
    end

    def to(action); @action = action.to_sym; self; end
    def delayed; @timing = 'delayed'; self; end
    def immediately; @timing = 'immediate'; self; end
    def immediate; immediately; end
    def before; @timing = 'before'; self; end
    def why; @why; end

    def matches?(resource)
      if resource.nil?
        @why = 'no such resource'
        return false
      end
      notes = EkibenSpec.notes(resource)
      @why = notes.inspect
      notes.any? do |timing, target, action|
        same = target == @target || target.delete(%q('")) == @target.delete(%q('"))
        same && (@action.nil? || action == @action) && (@timing.nil? || timing == @timing)
      end
    end
  end

  class Subscribes < Check
    def initialize(source)
      @source = source
      super("subscribe_to(#{source})")
    end

    def on(action); @action = action.to_sym; self; end
    def delayed; @timing = 'delayed'; self; end
    def immediately; @timing = 'immediate'; self; end
    def immediate; immediately; end
    def before; @timing = 'before'; self; end
    def why; @why; end

    def matches?(resource)
      if resource.nil?
        @why = 'no such resource'
        return false
      end
      own = EkibenSpec.reference(resource)
      notes = EkibenSpec.sources(resource)
      @why = notes.inspect
      notes.any? do |source, timing, action|
        source.delete(%q('")) == @source.to_s.delete(%q('")) && (@action.nil? || action == @action) && (@timing.nil? || timing == @timing) && own
      end
    end
  end
end

module ChefSpec
  class Error < StandardError; end
  class SearchNotStubbedError < Error; end
  class DataBagNotStubbedError < Error; end
  class DataBagItemNotStubbedError < Error; end

  class SoloRunner
    attr_reader :number, :options

    def self.converge(*recipes, &block)
      new.converge(*recipes, &block)
    end

    def self.respond_to_missing?(*_args); true; end

    def initialize(options = {})
      options = {} if options.nil?
      @options = options
      platform = options[:platform] || EkibenSpec.settings.platform
      version = options[:version] || (options[:platform] ? nil : EkibenSpec.settings.version)
      @step_into = Array(options[:step_into]).map(&:to_s)
      @number = EkibenSpec.start(platform.to_s, version.to_s, @step_into)
      if block_given?
        yield node, self
      end
    end

    def node
      EkibenSpec.use(@number)
      EkibenSpec.node(@number)
    end

    # What the block declares, as a recipe of the cookbook under test.
    def converge_block(_cookbook = nil, &block)
      @recipe = block
      converge
    end

    def converge(*recipes, &block)
      recipes = recipes.flatten.compact.map { |name| name.to_s.sub(/\Arecipe\[(.*)\]\z/, '\1') }
      EkibenSpec.use(@number)
      stubs = EkibenSpec.commands.map { |stub| [stub.command, stub.result ? true : false] }
      @number = EkibenSpec.again(@number, @step_into) if @converged
      @converged = true
      own = @recipe
      between = lambda do |receiver|
        receiver.instance_exec(&own) if own
        block.call(*[node].first(block.arity.abs)) if block
      end
      EkibenSpec.converge(@number, recipes, stubs, between, !own.nil?)
      self
    end

    def converged?; @converged; end
    def dry_run?; false; end
    def compiling?; false; end
    def step_into?(resource); @step_into.include?(EkibenSpec.kind(resource)); end
    def converge_result; self; end
    def preload!; self; end
    def append(*_args); self; end
    def run_context; self; end
    def cookbook_collection; {}; end
    def events; self; end
    def loaded_recipe?(name); EkibenSpec.use(@number); EkibenSpec.recipes.include?(name.to_s.include?('::') ? name.to_s : "#{name}::default"); end
    def loaded_recipes; EkibenSpec.use(@number); EkibenSpec.recipes; end
    def whole?; EkibenSpec.missing(@number).empty?; end

    def resource_collection; self; end

    def all_resources
      EkibenSpec.resources(@number)
    end
    alias resources all_resources
    alias to_a all_resources

    def insert(resource, **_options); node.run_context.resource_collection.insert(resource); end
    alias << insert
    def each(&block); all_resources.each(&block); end
    def map(&block); all_resources.map(&block); end
    def select(&block); all_resources.select(&block); end
    def find(*given, &block)
      return all_resources.find(&block) if given.empty?
      kind, name = given.first.to_s.match(/\A(\w+)\[(.*)\]\z/).captures
      find_resource(kind, name)
    end
    alias lookup find

    def find_resource(kind, name, action = nil)
      EkibenSpec.use(@number)
      all_resources.reverse.find do |resource|
        EkibenSpec.kind(resource) == kind.to_s && EkibenSpec.named?(name, resource) &&
          (action.nil? || EkibenSpec.performed(resource).any? { |done, _| done == action })
      end
    end

    def find_resources(kind)
      EkibenSpec.use(@number)
      all_resources.select { |resource| EkibenSpec.kind(resource) == kind.to_s }
    end

    %i[create_data_bag].each do |name|
      define_method(name) { |bag, items| EkibenSpec.bag(@number, bag.to_s, items) }
    end

    def create_node(*_args); end
    def create_role(*_args); end
    def create_environment(*_args); end
    def create_client(*_args); end
    def update_node(*_args); end

    def method_missing(name, *args, &block)
      return super unless args.size == 1
      EkibenSpec.use(@number)
      found = find_resource(name, args.first)
      return found if found
      known = EkibenSpec.types.include?(name.to_s)
      known || !whole? || EkibenSpec.kinds.include?(name.to_s) ? nil : super
    end

    def respond_to_missing?(*_args); true; end
    def inspect; '#<a run>'; end
    def to_s; inspect; end
  end

  class ServerRunner < SoloRunner; end
  class Runner < SoloRunner; end
  class ChefRunner < SoloRunner; end

  module Coverage
    def self.start!(*_args); end
    def self.report!; end
    def self.filters; []; end
    def self.add_filter(*_args); end
    def self.method_missing(*_args); self; end
    def self.respond_to_missing?(*_args); true; end
  end

  # Matchers by name need not be declared here.
  def self.define_matcher(_name); end

  module Matchers
    class ResourceMatcher
      def self.new(kind, action, name); EkibenSpec::ResourceMatcher.new("#{action}_#{kind}", name); end
    end

    class NotificationsMatcher
      def self.new(target); EkibenSpec::Notifies.new(target); end
    end
  end

  module API
    module Core; end
  end

  module Berkshelf; end
  class Policyfile; end

end

module RSpec
  class << self
    class Object
  def should(matcher = nil)
    matcher.nil? ? EkibenSpec::Comparison.new : EkibenSpec.settle(matcher, self, true)
  end

  def should_not(matcher = nil)
    EkibenSpec.settle(matcher, self, false)
  end
end

def describe(*args, **options, &block); EkibenSpec.describe(*args, **options, &block); end
    alias context describe
    def fdescribe(*args, **options, &block); EkibenSpec.describe(*args, **options, &block); end
    def xdescribe(*args, **options, &block); EkibenSpec.describe(*args, **options.merge(skip: true), &block); end

    def configure
      yield EkibenSpec.settings
    end

    def configuration; EkibenSpec.settings; end
    def current_example; EkibenSpec.current.example; end
    def shared_examples(name, *_rest, &block); EkibenSpec.shared[name.to_s] = block; end
    alias shared_context shared_examples
    alias shared_examples_for shared_examples
    def world; self; end
    def shared_example_group_registry; self; end
    def add(_context, name, *_rest, &block); EkibenSpec.shared[name.to_s] = block; end
    def reset; end
  end

  module Core
    ExampleGroup = EkibenSpec::Group
    class RakeTask; end
  end

  module Mocks
    def self.with_temporary_scope; yield; end
    class Double; end
    module ArgumentMatchers; end
  end

  module Expectations
    class ExpectationNotMetError < StandardError; end
  end

  module SharedContext; end

  module Matchers
    def self.define(name, &block)
      EkibenSpec.matchers[name.to_sym] = lambda do |*args|
        holder = EkibenSpec::Defined.new(name.to_s)
        holder.instance_exec(*args, &block)
        holder
      end
    end

    def self.define_negated_matcher(name, other)
      EkibenSpec.matchers[name.to_sym] = lambda do |*args|
        inner = EkibenSpec.current.public_send(other, *args)
        EkibenSpec::Check.new(name.to_s) { |value| !inner.matches?(value) }
      end
    end

    def self.alias_matcher(name, other)
      EkibenSpec.matchers[name.to_sym] = ->(*args) { EkibenSpec.current.public_send(other, *args) }
    end
  end
end

module EkibenSpec
  class Defined < Check
    def initialize(name)
      super(name)
      @chained = {}
    end

    def match(*_args, **_options, &block); @match = block; end
    alias match_unless_raises match
    def match_when_negated(&block); @negated = block; end

    def chain(name, *_ivars, &block)
      define_singleton_method(name) do |*args, **options, &inner|
        options.empty? ? instance_exec(*args, &block) : instance_exec(*args, **options, &block) if block
        self
      end
    end

    def failure_message(&_block); end
    def failure_message_when_negated(&_block); end
    alias failure_message_for_should failure_message
    alias failure_message_for_should_not failure_message
    def diffable; end
    def supports_block_expectations; end

    def description(&block)
      @title || super()
    end

    def matches?(value)
      @actual = value
      instance_exec(value, &@match) ? true : false
    end

    def actual; @actual; end

    def values_match?(want, value); EkibenSpec.agree(want, value); end
    def expect(*args, &block); EkibenSpec.current.expect(*args, &block); end

    def method_missing(name, *args, **options, &block)
      return super unless EkibenSpec.current
      options.empty? ? EkibenSpec.current.send(name, *args, &block) : EkibenSpec.current.send(name, *args, **options, &block)
    end

    def respond_to_missing?(*_args); true; end
  end

  # Gems whose only part in a spec is to be configured.
  class Silent
    class << self
      def method_missing(*_args, **_options); self; end
      def respond_to_missing?(*_args); true; end
      def const_missing(_name); Silent; end
    end
  end
end

%i[SimpleCov Coveralls Knapsack WebMock VCR Timecop CodeClimate Rubocop Berkshelf].each { |name| Object.const_set(name, EkibenSpec::Silent) unless Object.const_defined?(name) }

module Fauxhai
  def self.mock(options = {})
    number = EkibenSpec.start(options[:platform].to_s, options[:version].to_s, [])
    EkibenSpec.use(number)
    data = EkibenSpec.node(number).to_hash
    yield data if block_given?
    Struct.new(:data).new(data)
  end

  module Exception
    class InvalidPlatform < StandardError; end
  end
end

def describe(*args, **options, &block); EkibenSpec.describe(*args, **options, &block); end
def context(*args, **options, &block); EkibenSpec.describe(*args, **options, &block); end
def xdescribe(*args, **options, &block); EkibenSpec.describe(*args, **options.merge(skip: true), &block); end
def shared_examples(name, *_rest, &block); EkibenSpec.shared[name.to_s] = block; end
def shared_context(name, *_rest, &block); EkibenSpec.shared[name.to_s] = block; end
def shared_examples_for(name, *_rest, &block); EkibenSpec.shared[name.to_s] = block; end

class Dir
  class << self
    alias __machine_glob glob

    def glob(*patterns, **options, &block)
      found = patterns.flatten.select { |one| one.is_a?(String) }.flat_map { |pattern| EkibenSpec.glob(pattern) }
      found = __machine_glob(*patterns) if found.empty?
      block ? found.each(&block) : found
    end

    def [](*patterns)
      glob(*patterns)
    end
  end
end

module Chef::DSL::DataQuery
  { search: 'SearchNotStubbedError', data_bag: 'DataBagNotStubbedError', data_bag_item: 'DataBagItemNotStubbedError' }.each do |kind, error|
    alias_method "__plain_#{kind}", kind
    define_method(kind) do |*args, **options, &block|
      stub = EkibenSpec.answer(kind, args)
      if stub
        value = stub.result
        value = Mash.from_hash(value) if value.instance_of?(Hash) && kind != :search
        block && kind == :search ? value.each(&block) : value
      elsif EkibenSpec.bag?(args.first.to_s)
        send("__plain_#{kind}", *args, &block)
      else
        raise ChefSpec.const_get(error), "#{kind} #{args.inspect} is not stubbed"
      end
    end
  end
end

{ 'Chef::DataBagItem' => :data_bag_item, 'Chef::EncryptedDataBagItem' => :data_bag_item }.each do |path, kind|
  holder = Object.const_get(path)
  plain = holder.method(:load)
  holder.define_singleton_method(:load) do |*args|
    stub = EkibenSpec.answer(kind, args.first(2))
    if stub
      value = stub.result
      value.instance_of?(Hash) ? Mash.from_hash(value) : value
    else
      plain.call(*args)
    end
  end
end
