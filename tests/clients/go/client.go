// An application on golang.org/x/oauth2 and go-oidc that does what its test tells it: a line of JSON each way.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/coreos/go-oidc"
	"golang.org/x/oauth2"
)

type told struct {
	Step, Issuer, Secret, Scope, Code, Verifier, Challenge string
	ClientID                                               string `json:"client_id"`
	RedirectURI                                            string `json:"redirect_uri"`
}

var (
	ctx      = context.Background()
	config   oauth2.Config
	provider *oidc.Provider
	token    *oauth2.Token
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var request told
		answer := map[string]interface{}{}
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			answer["problem"] = err.Error()
		} else if done, err := do(request); err != nil {
			answer["problem"] = err.Error()
		} else {
			answer["done"] = done
		}
		line, _ := json.Marshal(answer)
		fmt.Println(string(line))
	}
}

func do(request told) (interface{}, error) {
	switch request.Step {
	case "discover":
		return discover(request)
	case "ask":
		return config.AuthCodeURL("a state", proof(request)...), nil
	case "receive":
		return receive(request)
	case "refresh":
		return refresh()
	case "userinfo":
		return userinfo()
	case "revoke":
		return revoke()
	}
	return nil, fmt.Errorf("no step %q", request.Step)
}

func discover(request told) (interface{}, error) {
	found, err := oidc.NewProvider(ctx, request.Issuer)
	if err != nil {
		return nil, err
	}
	provider = found
	config = oauth2.Config{
		ClientID:     request.ClientID,
		ClientSecret: request.Secret,
		Endpoint:     provider.Endpoint(),
		RedirectURL:  request.RedirectURI,
		Scopes:       strings.Fields(request.Scope),
	}
	return nil, nil
}

func proof(request told) []oauth2.AuthCodeOption {
	if request.Challenge == "" {
		return nil
	}
	return []oauth2.AuthCodeOption{
		oauth2.SetAuthURLParam("code_challenge", request.Challenge),
		oauth2.SetAuthURLParam("code_challenge_method", "S256"),
	}
}

func receive(request told) (interface{}, error) {
	var options []oauth2.AuthCodeOption
	if request.Verifier != "" {
		options = append(options, oauth2.SetAuthURLParam("code_verifier", request.Verifier))
	}
	received, err := config.Exchange(ctx, request.Code, options...)
	if err != nil {
		return nil, err
	}
	token = received
	raw, _ := token.Extra("id_token").(string)
	verified, err := provider.Verifier(&oidc.Config{ClientID: config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	claims := map[string]interface{}{}
	if err := verified.Claims(&claims); err != nil {
		return nil, err
	}
	return claims, nil
}

func refresh() (interface{}, error) {
	expired := *token
	expired.Expiry = time.Now().Add(-time.Hour)
	renewed, err := config.TokenSource(ctx, &expired).Token()
	if err != nil {
		return nil, err
	}
	isNew := renewed.AccessToken != token.AccessToken
	token = renewed
	return isNew, nil
}

func userinfo() (interface{}, error) {
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, err
	}
	return map[string]string{"sub": info.Subject, "email": info.Email}, nil
}

// Neither library has a call for it, so the client posts the form (RFC 7009).
func revoke() (interface{}, error) {
	var metadata struct {
		Endpoint string `json:"revocation_endpoint"`
	}
	if err := provider.Claims(&metadata); err != nil {
		return nil, err
	}
	form := url.Values{"token": {token.RefreshToken}}.Encode()
	post, err := http.NewRequest("POST", metadata.Endpoint, strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.SetBasicAuth(url.QueryEscape(config.ClientID), url.QueryEscape(config.ClientSecret))
	answer, err := http.DefaultClient.Do(post)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return answer.StatusCode, nil
}
