default['pool']['one'] = '@@three_files@@'
default['pool']['port'] = 5432
