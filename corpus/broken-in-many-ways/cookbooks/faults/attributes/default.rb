default['faults']['token'] = 'attr-PLANTED-4'
default['faults']['dir'] = '/etc/faults'
