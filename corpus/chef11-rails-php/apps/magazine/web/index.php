<?php
require dirname(__DIR__) . '/opsworks.php';

session_start();
$db = new mysqli(DB_HOST, DB_USER, DB_PASSWORD, DB_NAME);
if (isset($_SERVER['FEATURE_COMMENTS']) && COMMENTS) {
    require dirname(__DIR__) . '/lib/comments.php';
}
$posts = $db->query('SELECT title, body FROM posts ORDER BY published_at DESC LIMIT 10');
while ($post = $posts->fetch_assoc()) {
    printf("<article><h2>%s</h2>%s</article>\n", htmlspecialchars($post['title']), $post['body']);
}
