# Packs the gems that Debian installed, code and compiled extensions, as .gem files with an index under FOLDER (the argument), so that an
# unmodified `bundle install`, also with BUNDLE_DEPLOYMENT, needs no gem server and nothing of Debian's packages afterwards.
require 'fileutils'
require 'rubygems/package'
require 'set'
require 'tmpdir'

folder = ARGV.fetch(0)
FileUtils.mkdir_p("#{folder}/gems")
Gem::DefaultUserInteraction.ui = Gem::SilentUI.new
vendor = %r{\A/usr/lib/(?:[^/]+/)?ruby/vendor_ruby/(?:\d+\.\d+\.\d+/)?(.+)\z}

# What is part of the interpreter is in every image already.
specs = Gem::Specification.reject(&:default_gem?)
shared = specs.group_by { |spec| `dpkg -S #{spec.loaded_from}`[/\A[^:]+/] }

shared.each do |package, of_package|
  files = `dpkg -L #{package}`.split("\n")
  of_package.each do |spec|
    Dir.mktmpdir do |target|
      FileUtils.mkdir_p("#{target}/lib")
      system('cp', '-rL', "#{spec.full_gem_path}/.", target, exception: true) if File.directory?(spec.full_gem_path)
      # A gem may be another's under a second name: links to that one's files.
      Dir.glob("#{spec.full_gem_path}/lib/*").select { |file| File.symlink?(file) }.each do |file|
        other = File.realpath(file)[%r{\A.*/gems/[^/]+/lib}] or next
        system('cp', '-rL', "#{other}/.", "#{target}/lib", exception: true)
      end
      files.each do |file|
        inside = file[vendor, 1] or next
        next unless File.file?(file)
        FileUtils.mkdir_p(File.dirname("#{target}/lib/#{inside}"))
        FileUtils.cp(file, "#{target}/lib/#{inside}")
      end
      if File.directory?(spec.extension_dir)
        system('cp', '-rL', "#{spec.extension_dir}/.", "#{target}/lib", exception: true)
      end
      FileUtils.mkdir_p("#{target}/commands")
      spec.executables.each do |name|
        found = [spec.bin_file(name), *%w[bin exe].map { |dir| "#{spec.full_gem_path}/#{dir}/#{name}" }, "/usr/bin/#{name}"].find { |file| File.file?(file) }
        FileUtils.install(found, "#{target}/commands/#{name}", mode: 0o755) if found
      end
      packed = Gem::Specification.new do |gem|
        gem.name = spec.name
        gem.version = spec.version
        gem.summary = spec.name
        gem.authors = ['Debian']
        gem.require_paths = (spec.raw_require_paths.reject { |path| path.start_with?('/') } | ['lib'])
        gem.bindir = 'commands'
        gem.executables = Dir.children("#{target}/commands")
        spec.runtime_dependencies.each { |needed| gem.add_runtime_dependency(needed.name, *needed.requirement.as_list) }
      end
      Dir.chdir(target) do
        packed.files = Dir.glob('**/*', File::FNM_DOTMATCH).select { |file| File.file?(file) }
        FileUtils.mv(Gem::Package.build(packed, true), "#{folder}/gems/")
      end
    end
  rescue StandardError => error
    warn "left out #{spec.full_name}: #{error.message[0, 120]}"
  end
end
system('gem', 'generate_index', '-d', folder, '-q', exception: true)
puts "#{Dir.children("#{folder}/gems").size} gems"
