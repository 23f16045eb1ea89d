<?php
require dirname(__DIR__) . '/opsworks.php';

$options = getopt('', array('list:'));
$db = new mysqli(DB_HOST, DB_USER, DB_PASSWORD, DB_NAME);
$statement = $db->prepare('SELECT address FROM subscribers WHERE list = ?');
$statement->bind_param('s', $options['list']);
$statement->execute();
foreach ($statement->get_result() as $row) {
    mail($row['address'], 'Bramble Magazine', file_get_contents(dirname(__DIR__) . '/newsletter.txt'));
}
