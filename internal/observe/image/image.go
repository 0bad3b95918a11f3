// Package image asks the registries of images whether the images are there.
//
// In: a cloud.Cloud, the images, and the logins of private registries that the user has given. Out: an answer for each. ECR's
// registries are asked with a login that AWS gives to whoever may have one; stored passwords are never read for this.
package image

import (
	"context"
	"encoding/base64"
	"maps"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"berth/internal/cloud"
	"berth/internal/registry"
	"berth/internal/secret"
)

// Logins are those that are at hand, by registry.
type Logins map[string]secret.Login

// Ask asks for each image, in their order. An image whose registry gave no answer says so in its own answer; an error is one of
// AWS's, when it refused a login to ECR for another reason than a missing permission.
func Ask(ctx context.Context, c *cloud.Cloud, images []registry.Image, logins Logins) ([]registry.Answer, error) {
	own := Logins{}
	maps.Copy(own, logins)
	for _, i := range images {
		if _, there := own[i.Host]; there || !OfECR(i.Host) {
			continue
		}
		login, err := tokenOf(ctx, c, i.Host)
		if err != nil {
			return nil, err
		}
		own[i.Host] = login
	}
	out := make([]registry.Answer, len(images))
	index := make([]int, len(images))
	for i := range index {
		index[i] = i
	}
	cloud.Each(ctx, c, index, func(ctx context.Context, i int) error {
		out[i] = registry.Ask(ctx, c.Web, images[i], own[images[i].Host])
		return nil
	})
	return out, ctx.Err()
}

// OfECR tells whether a host is a private registry of ECR (ECR user guide, "Amazon ECR private registry").
func OfECR(host string) bool {
	return regexp.MustCompile(`^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$`).MatchString(host)
}

// tokenOf is a login for one of ECR's registries: the caller's own permissions decide what it opens. Who may not have one asks as
// a stranger, and is told so by the registry.
func tokenOf(ctx context.Context, c *cloud.Cloud, host string) (secret.Login, error) {
	region := regionOf(host)
	in := &ecr.GetAuthorizationTokenInput{}
	out, err := cloud.Read(ctx, c, func(ctx context.Context, in *ecr.GetAuthorizationTokenInput, o ...func(*ecr.Options)) (*ecr.GetAuthorizationTokenOutput, error) {
		return c.ECR.GetAuthorizationToken(ctx, in, append(o, func(o *ecr.Options) { o.Region = region })...)
	}, in)
	if cloud.Denied(err) {
		return secret.Login{}, nil
	}
	if err != nil || len(out.AuthorizationData) == 0 {
		return secret.Login{}, err
	}
	plain, _ := base64.StdEncoding.DecodeString(aws.ToString(out.AuthorizationData[0].AuthorizationToken)) // what is none is no login
	user, password, _ := strings.Cut(string(plain), ":")
	return secret.Login{Username: user, Password: secret.New(password)}, nil
}

// regionOf is the region in the name of one of ECR's registries: "123456789012.dkr.ecr.eu-west-1.amazonaws.com".
func regionOf(host string) string { return strings.Split(host, ".")[3] }
