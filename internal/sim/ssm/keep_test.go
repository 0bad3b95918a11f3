package ssm

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

func TestAKeptParameterIsFoundByNameARNAndPath(t *testing.T) {
	c := call()
	for _, name := range []string{"/shop/db/password", "plain", "plain"} {
		if err := Keep(c.World, "eu-west-1", name); err != nil {
			t.Fatal(err)
		}
	}
	p := get(t, c, "/shop/db/password")
	if *p.ARN != "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/db/password" || p.Version != 1 {
		t.Errorf("%s, version %d", *p.ARN, p.Version)
	}
	if q := get(t, c, "arn:aws:ssm:eu-west-1:123456789012:parameter/plain"); *q.Name != "plain" {
		t.Error(*q.Name)
	}
	if q := get(t, c, *p.ARN); *q.Name != *p.Name {
		t.Error(*q.Name)
	}
	if below, _ := byPath(t, c, ssm.GetParametersByPathInput{Path: aws.String("/shop"), Recursive: aws.Bool(true)}); len(below) != 1 {
		t.Error(below)
	}
	all, err := DescribeParameters(c, &ssm.DescribeParametersInput{})
	if err != nil || len(all.Parameters) != 2 || *all.Parameters[0].Name != "/shop/db/password" || *all.Parameters[1].Name != "plain" {
		t.Errorf("%v %v", all, err)
	}
	both := types.ParameterStringFilter{Key: aws.String("Name"), Option: aws.String("Equals"), Values: []string{"plain", "/plain", recommended}}
	some, err := DescribeParameters(c, &ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{both}})
	if err != nil || len(some.Parameters) != 2 || *some.Parameters[0].LastModifiedUser != "Amazon Web Services" {
		t.Errorf("%v %v", some, err)
	}
	c.Region = c.World.Region("eu-central-1")
	_, err = GetParameter(c, &ssm.GetParameterInput{Name: aws.String("plain")})
	refused(t, err, "ParameterNotFound")
}

func TestWhatNoParameterCanBeCalledIsRefused(t *testing.T) {
	c := call()
	for _, name := range []string{
		"", "/", "shop/db", "/shop//db", "/shop/", "with space", "/aws/service/x", "awsome", "/SSM/x", "arn:aws:ssm:eu-west-1:123456789012:parameter/x",
		strings.Repeat("/a", 16), strings.Repeat("a", 1012),
	} {
		if Keep(c.World, "eu-west-1", name) == nil {
			t.Errorf("%q is taken", name)
		}
	}
}
