package desired_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"berth/internal/model"
)

func TestTheDeployerIsTakenOnOnlyByThoseWhomTheFileNames(t *testing.T) {
	const provider = `oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"`
	for settings, want := range map[string]string{
		`principal_arns = ["arn:aws:iam::123456789012:user/ci", "arn:aws:iam::123456789012:role/ci"]`: `{"Action":["sts:AssumeRole"],"Effect":"Allow",` +
			`"Principal":{"AWS":["arn:aws:iam::123456789012:role/ci","arn:aws:iam::123456789012:user/ci"]}}`,
		`account = "210987654321"`: `{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::210987654321:root"}}`,
		`account = "210987654321", external_id = "acme-1"`: `{"Action":["sts:AssumeRole"],"Condition":{"StringEquals":{"sts:ExternalId":"acme-1"}},` +
			`"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::210987654321:root"}}`,
		provider + `, subjects = "repo:acme/shop:ref:refs/heads/main"`: `{"Action":["sts:AssumeRoleWithWebIdentity"],"Condition":{"StringEquals":{` +
			`"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":["repo:acme/shop:ref:refs/heads/main"]}},` +
			`"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}}`,
		provider + `, subjects = ["repo:acme/shop:ref:refs/heads/main", "repo:acme/api:*"], audience = "acme"`: `{"Action":["sts:AssumeRoleWithWebIdentity"],` +
			`"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"acme"},"StringLike":{"token.actions.githubusercontent.com:sub":` +
			`["repo:acme/api:*","repo:acme/shop:ref:refs/heads/main"]}},"Effect":"Allow",` +
			`"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}}`,
	} {
		set := build(t, original, "deployer={ "+settings+" }")
		want = `{"Statement":[` + want + `],"Version":"2012-10-17"}`
		if got := get[model.Role](t, set, model.RoleKey("deployer")).Trust; got != want {
			t.Errorf("%s:\n%s\nwant\n%s", settings, got, want)
		}
	}
}

var (
	// harmless is what only reads. A definition is the account's, and does nothing by itself.
	harmless = regexp.MustCompile(`:(Describe|List|Get|Filter)|^ecs:RegisterTaskDefinition$`)
	// ofShop is what belongs to the cluster.
	ofShop = regexp.MustCompile(`/shop/|cluster/shop$|role/ecs/prod_shop_eu-west-1_|-prod-shop/lease/service/`)
)

// ofService tells whether a condition wants the tags of the cluster and of a service, on what is made or on what stands.
func ofService(condition map[string]map[string]any) bool {
	for _, on := range []string{"aws:RequestTag/", "aws:ResourceTag/"} {
		_, marked := condition["Null"][on+model.TagService]
		if equal := condition["StringEquals"]; marked && equal[on+model.TagCluster] == "shop" && equal[on+model.TagEnvironment] == "prod" {
			return true
		}
	}
	return false
}

func TestTheDeployerChangesNothingOutsideItsCluster(t *testing.T) {
	set := build(t, everything)
	var p struct {
		Statement []struct {
			Sid              string
			Action, Resource []string
			Condition        map[string]map[string]any
		}
	}
	if err := json.Unmarshal([]byte(get[model.Role](t, set, model.RoleKey("deployer")).Inline[0].Document), &p); err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Statement {
		_, here := s.Condition["ArnEquals"]["ecs:cluster"]
		for _, a := range s.Action {
			for _, r := range s.Resource {
				created := s.Condition["StringEquals"]["ecs:CreateAction"] != nil && strings.Contains(r, ":task-definition/")
				if !harmless.MatchString(a) && !ofShop.MatchString(r) && !here && !created && !ofService(s.Condition) {
					t.Errorf("%s: it may %s on %s", s.Sid, a, r)
				}
			}
			if strings.Contains(a, "*") {
				t.Errorf("%s: it may %s", s.Sid, a)
			}
		}
	}
}

func TestRolesWithCutNamesMayBePassedOnToo(t *testing.T) {
	long := strings.Repeat("x", 32)
	set := build(t, original, "environment="+long, "cluster="+long, `deployer={ account = "210987654321" }`)
	policy := get[model.Role](t, set, model.RoleKey("deployer")).Inline[0].Document
	for _, what := range []string{"execution", "task"} {
		if name := get[model.Role](t, set, model.RoleKey(what)).Name; !strings.Contains(policy, "role/ecs/"+name+`"`) {
			t.Errorf("%s is not among %s", name, policy)
		}
	}
}
