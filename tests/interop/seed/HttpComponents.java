// Java with Apache HttpComponents, in a site on the JDK's own server. The exchange carries its parameters in the
// address, as the document's sample does.

import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.http.NameValuePair;
import org.apache.http.client.entity.UrlEncodedFormEntity;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.utils.URIBuilder;
import org.apache.http.client.utils.URLEncodedUtils;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.message.BasicNameValuePair;
import org.apache.http.util.EntityUtils;
import org.apache.http.util.VersionInfo;

class HttpComponents {
    static final String STRIPE = System.getenv("STRIPE");
    static final String CLIENT_ID = System.getenv("CLIENT_ID");
    static final String API_KEY = System.getenv("SECRET_KEY");

    public static void main(String[] args) throws Exception {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv("PORT")));
        HttpServer site = HttpServer.create(address, 0);
        site.createContext("/authorize", HttpComponents::authorize);
        site.createContext("/oauth/callback", HttpComponents::callback);
        site.createContext("/deauthorize", HttpComponents::deauthorize);
        site.start();
        VersionInfo httpClient =
                VersionInfo.loadVersionInfo("org.apache.http.client", HttpClients.class.getClassLoader());
        System.out.println("Java " + System.getProperty("java.version") + ", HttpClient " + httpClient.getRelease());
    }

    static void authorize(HttpExchange exchange) {
        answer(exchange, () -> {
            URI uri = new URIBuilder(STRIPE + "/oauth/authorize")
                    .setParameter("response_type", "code")
                    .setParameter("scope", "read_write")
                    .setParameter("client_id", CLIENT_ID)
                    .setParameter("redirect_uri", System.getenv("REDIRECT_URI"))
                    .build();
            exchange.getResponseHeaders().set("Location", uri.toString());
            return "";
        });
    }

    static void callback(HttpExchange exchange) {
        answer(exchange, () -> {
            String query = exchange.getRequestURI().getRawQuery();
            if (parameter(query, "error") != null) {
                return parameter(query, "error_description");
            }
            URI uri = new URIBuilder(STRIPE + "/oauth/token")
                    .setParameter("client_secret", API_KEY)
                    .setParameter("grant_type", "authorization_code")
                    .setParameter("client_id", CLIENT_ID)
                    .setParameter("code", parameter(query, "code"))
                    .build();
            return execute(new HttpPost(uri));
        });
    }

    static void deauthorize(HttpExchange exchange) {
        answer(exchange, () -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            HttpPost httpPost = new HttpPost(STRIPE + "/oauth/deauthorize");
            httpPost.setHeader("Authorization", "Bearer " + API_KEY);
            List<NameValuePair> nvps = new ArrayList<>();
            nvps.add(new BasicNameValuePair("client_id", CLIENT_ID));
            nvps.add(new BasicNameValuePair("stripe_user_id", parameter(form, "stripe_user_id")));
            httpPost.setEntity(new UrlEncodedFormEntity(nvps));
            return execute(httpPost);
        });
    }

    /** Asks Stripe. The answer is read as JSON before it is shown. */
    static String execute(HttpPost httpPost) throws Exception {
        try (CloseableHttpClient httpClient = HttpClients.createDefault();
                CloseableHttpResponse response = httpClient.execute(httpPost)) {
            String body = EntityUtils.toString(response.getEntity());
            return JsonParser.parseString(body).getAsJsonObject().toString();
        }
    }

    static String parameter(String form, String name) {
        return URLEncodedUtils.parse(form, StandardCharsets.UTF_8).stream()
                .filter(pair -> pair.getName().equals(name))
                .map(NameValuePair::getValue)
                .findFirst()
                .orElse(null);
    }

    interface Page {
        String make() throws Exception;
    }

    /** Sends the page; one that sets a location redirects. */
    static void answer(HttpExchange exchange, Page page) {
        try (exchange) {
            String text;
            int status;
            try {
                text = page.make();
                status = exchange.getResponseHeaders().containsKey("Location") ? 302 : 200;
            } catch (Exception error) {
                text = error.toString();
                status = 502;
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (java.io.IOException gone) {
            System.err.println(gone);
        }
    }
}
