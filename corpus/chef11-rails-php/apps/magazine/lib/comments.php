<?php
function comments_of(mysqli $db, $post_id)
{
    $statement = $db->prepare('SELECT author, body FROM comments WHERE post_id = ?');
    $statement->bind_param('i', $post_id);
    $statement->execute();
    return $statement->get_result()->fetch_all(MYSQLI_ASSOC);
}
