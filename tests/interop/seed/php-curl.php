<?php
// PHP with its curl extension: one page that links to Stripe and is come back to, and one that disconnects.
// Run by PHP's own server, which hands every request to this file.

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

if ($path === '/deauthorize') {
    echo post('/oauth/deauthorize', array(
        'client_id' => getenv('CLIENT_ID'),
        'stripe_user_id' => $_POST['stripe_user_id'],
    ), array('Authorization: Bearer ' . getenv('SECRET_KEY')));
} else if (isset($_GET['code'])) { // Back, with a code
    echo post('/oauth/token', array(
        'grant_type' => 'authorization_code',
        'client_id' => getenv('CLIENT_ID'),
        'code' => $_GET['code'],
        'client_secret' => getenv('SECRET_KEY'),
    ));
} else if (isset($_GET['error'])) { // Back, with an error
    echo htmlspecialchars($_GET['error_description']);
} else { // The link
    $url = getenv('STRIPE') . '/oauth/authorize?' . http_build_query(array(
        'response_type' => 'code',
        'scope' => 'read_write',
        'client_id' => getenv('CLIENT_ID'),
        'redirect_uri' => getenv('REDIRECT_URI'),
    ));
    echo "<a href='" . htmlspecialchars($url) . "'>Connect with Stripe</a>";
}

function post($path, $fields, $headers = array()) {
    $curl = curl_init();
    curl_setopt_array($curl, array(
        CURLOPT_URL => getenv('STRIPE') . $path,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => http_build_query($fields),
    ));
    $answer = curl_exec($curl);
    if ($answer === false) http_response_code(502);
    return $answer === false ? curl_error($curl) : $answer;
}
