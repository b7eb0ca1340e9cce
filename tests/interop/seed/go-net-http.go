// Go with net/http, both as the site and as Stripe's client.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
)

var (
	stripe   = os.Getenv("STRIPE")
	clientID = os.Getenv("CLIENT_ID")
	apiKey   = os.Getenv("SECRET_KEY")
)

func main() {
	http.HandleFunc("/authorize", authorize)
	http.HandleFunc("/oauth/callback", callback)
	http.HandleFunc("/deauthorize", deauthorize)
	fmt.Println("Go", strings.TrimPrefix(runtime.Version(), "go"))
	panic(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

func authorize(w http.ResponseWriter, r *http.Request) {
	query := url.Values{
		"response_type": {"code"},
		"scope":         {"read_write"},
		"client_id":     {clientID},
		"redirect_uri":  {os.Getenv("REDIRECT_URI")},
	}
	http.Redirect(w, r, stripe+"/oauth/authorize?"+query.Encode(), http.StatusFound)
}

func callback(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("error") != "" {
		fmt.Fprint(w, r.FormValue("error_description"))
		return
	}
	post(w, "/oauth/token", url.Values{
		"grant_type":    {"authorization_code"},
		"client_secret": {apiKey},
		"code":          {r.FormValue("code")},
	})
}

func deauthorize(w http.ResponseWriter, r *http.Request) {
	post(w, "/oauth/deauthorize", url.Values{
		"client_id":      {clientID},
		"stripe_user_id": {r.FormValue("stripe_user_id")},
	})
}

// Asks Stripe, and shows what it answers.
func post(w http.ResponseWriter, path string, form url.Values) {
	client := &http.Client{}
	req, err := http.NewRequest("POST", stripe+path, strings.NewReader(form.Encode()))
	if err == nil {
		req.Header.Add("Authorization", "Bearer "+apiKey)
		req.Header.Add("Content-Type", "application/x-www-form-urlencoded")
		var resp *http.Response
		if resp, err = client.Do(req); err == nil {
			defer resp.Body.Close()
			_, err = io.Copy(w, resp.Body)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}
