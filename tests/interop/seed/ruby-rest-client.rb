# Ruby: rest-client, in a site on WEBrick.

require "json"
require "rest-client"
require "uri"
require "webrick"

puts "Ruby #{RUBY_VERSION}, rest-client #{RestClient.version}"
$stdout.flush

STRIPE = ENV.fetch("STRIPE")
CLIENT_ID = ENV.fetch("CLIENT_ID")
SECRET_KEY = ENV.fetch("SECRET_KEY")

# What Stripe answers, be it a refusal.
def stripe(path, form, headers = {})
  RestClient.post("#{STRIPE}#{path}", form, headers)
rescue RestClient::ExceptionWithResponse => refusal
  refusal.response
end

site = WEBrick::HTTPServer.new(BindAddress: "127.0.0.1", Port: ENV.fetch("PORT"), AccessLog: [])

site.mount_proc "/authorize" do |_, response|
  query = URI.encode_www_form(
    response_type: "code",
    scope: "read_write",
    client_id: CLIENT_ID,
    redirect_uri: ENV.fetch("REDIRECT_URI"),
  )
  response.set_redirect(WEBrick::HTTPStatus::Found, "#{STRIPE}/oauth/authorize?#{query}")
end

site.mount_proc "/oauth/callback" do |request, response|
  response.body = request.query["error_description"] || stripe(
    "/oauth/token",
    { client_secret: SECRET_KEY, grant_type: "authorization_code", code: request.query["code"] },
  ).body
end

site.mount_proc "/deauthorize" do |request, response|
  response.body = stripe(
    "/oauth/deauthorize",
    { client_id: CLIENT_ID, stripe_user_id: request.query["stripe_user_id"] },
    { Authorization: "Bearer #{SECRET_KEY}" },
  ).body
end

site.start
