package ecr

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"berth/internal/sim/world"
)

func TestTokenIsALoginForTheAccountsRegistry(t *testing.T) {
	w := world.New(1)
	out, err := GetAuthorizationToken(&world.Call{World: w, Region: w.Region("eu-west-1")}, &ecr.GetAuthorizationTokenInput{})
	if err != nil || len(out.AuthorizationData) != 1 {
		t.Fatal(out, err)
	}
	data := out.AuthorizationData[0]
	host := strings.TrimPrefix(*data.ProxyEndpoint, "https://")
	if !Host(host) || data.ExpiresAt.Sub(w.Now()) != 12*time.Hour {
		t.Errorf("the registry is %s, until %v", host, data.ExpiresAt)
	}
	plain, err := base64.StdEncoding.DecodeString(*data.AuthorizationToken)
	user, secret, _ := strings.Cut(string(plain), ":")
	r, _ := http.NewRequest(http.MethodGet, *data.ProxyEndpoint+"/v2/", nil)
	if err != nil || LoggedIn(r) {
		t.Error("nobody is logged in without the token")
	}
	if r.SetBasicAuth(user, secret); !LoggedIn(r) {
		t.Errorf("%q is no login", plain)
	}
}

func TestOtherHostsAreNotOfECR(t *testing.T) {
	for _, host := range []string{"public.ecr.aws", "docker.io", "ecr.eu-west-1.amazonaws.com", "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example"} {
		if Host(host) {
			t.Errorf("%s is taken for a registry of ECR", host)
		}
	}
}
