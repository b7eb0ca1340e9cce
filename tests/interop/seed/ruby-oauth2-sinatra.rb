# Ruby: the oauth2 gem under Sinatra.

require "json"
require "oauth2"
require "oauth2/version"
require "sinatra/base"

puts "Ruby #{RUBY_VERSION}, oauth2 #{OAuth2::Version}, Sinatra #{Sinatra::VERSION}"
$stdout.flush

class Site < Sinatra::Base
  set :client, OAuth2::Client.new(
    ENV.fetch("CLIENT_ID"),
    ENV.fetch("SECRET_KEY"),
    site: ENV.fetch("STRIPE"),
    authorize_url: "/oauth/authorize",
    token_url: "/oauth/token",
  )

  get "/authorize" do
    redirect settings.client.auth_code.authorize_url(scope: "read_write", redirect_uri: ENV.fetch("REDIRECT_URI"))
  end

  get "/oauth/callback" do
    halt params[:error_description] if params[:error]
    begin
      token = settings.client.auth_code.get_token(params[:code], params: { scope: "read_write" })
    rescue OAuth2::Error => error
      halt 502, error.description
    end
    content_type :json
    { access_token: token.token, **token.params }.to_json
  end

  post "/deauthorize" do
    settings.client.request(
      :post,
      "/oauth/deauthorize",
      body: { client_id: settings.client.id, stripe_user_id: params[:stripe_user_id] },
      headers: { "Authorization" => "Bearer #{settings.client.secret}" },
    ).body
  rescue OAuth2::Error => error
    error.response.body
  end
end

Site.run!(server: "webrick", bind: "127.0.0.1", port: ENV.fetch("PORT"), server_settings: { AccessLog: [] })
