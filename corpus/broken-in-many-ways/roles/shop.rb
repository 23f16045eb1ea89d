name 'shop'
description 'Fine, but for one name'
run_list 'recipe[bakery]', 'role[nobody]'
