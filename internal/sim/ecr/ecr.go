// Package ecr is the simulated Elastic Container Registry, as far as its logins: whoever asks gets one for twelve hours.
//
// In go calls of ECR's API with the SDK's own types, and requests for its registries. It keeps no repository: which images there
// are is the business of package distribution.
package ecr

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is ECR's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{"GetAuthorizationToken": wire.Op(GetAuthorizationToken)}
}

// lasts is how long a login is good for (ECR API reference, GetAuthorizationToken).
const lasts = 12 * time.Hour

// password is the one of every login. It opens nothing but simulated registries.
const password = "simulated"

// GetAuthorizationToken gives a login for the account's registry; the registries that older callers name do not matter to it.
func GetAuthorizationToken(c *world.Call, _ *ecr.GetAuthorizationTokenInput) (*ecr.GetAuthorizationTokenOutput, error) {
	return &ecr.GetAuthorizationTokenOutput{AuthorizationData: []types.AuthorizationData{{
		AuthorizationToken: aws.String(base64.StdEncoding.EncodeToString([]byte("AWS:" + password))),
		ExpiresAt:          aws.Time(c.World.Now().Add(lasts)),
		ProxyEndpoint:      aws.String("https://" + world.Account + ".dkr.ecr." + c.Region.Name + ".amazonaws.com"),
	}}}, nil
}

// hosts are the names of ECR's private registries (ECR user guide, "Amazon ECR private registry").
var hosts = regexp.MustCompile(`^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$`)

// Host tells whether a host is a private registry of ECR.
func Host(host string) bool { return hosts.MatchString(host) }

// Pull is the call as which IAM judges a request for a manifest of one of ECR's repositories, wherever and whosever it is.
func Pull(w *world.World, host, repository string) (*world.Call, *ecr.BatchGetImageInput) {
	c, account := &world.Call{World: w, Region: &world.Region{}, Service: "ecr", Operation: "BatchGetImage"}, ""
	if parts := hosts.FindStringSubmatch(host); parts != nil {
		account, c.Region.Name = parts[1], parts[2]
	}
	return c, &ecr.BatchGetImageInput{RepositoryName: aws.String("arn:aws:ecr:" + c.Region.Name + ":" + account + ":repository/" + repository)}
}

// LoggedIn tells whether a request brings a login of GetAuthorizationToken.
func LoggedIn(r *http.Request) bool {
	user, given, ok := r.BasicAuth()
	return ok && user == "AWS" && given == password
}
