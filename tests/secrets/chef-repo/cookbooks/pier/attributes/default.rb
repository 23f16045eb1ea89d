default['pier']['visible'] = 'shown-pier'
default['pier']['helper'] = node.run_state['password'] = '@@run_state@@'
