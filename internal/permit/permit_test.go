package permit

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/internal/model"
)

var update = flag.Bool("update", false, "rewrite the golden policies")

// shop is a cluster as a file names it.
func shop() Cluster {
	return Cluster{Scope: model.Scope{Region: "eu-west-1", Environment: "prod", Cluster: "shop"}, LogPrefix: "prod_shop"}
}

func TestThePolicyOfEveryVerb(t *testing.T) {
	for _, verb := range Verbs() {
		d, ok := Policy(verb, shop())
		if !ok {
			t.Fatal(verb)
		}
		file := filepath.Join("testdata", verb+".json")
		if *update {
			if err := os.WriteFile(file, []byte(d.JSON()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.JSON(); got != string(want) {
			t.Errorf("%s changed; look at the difference after: go test ./internal/permit -update", file)
		}
	}
	if _, ok := Policy("validate", shop()); ok {
		t.Error("validate needs nothing")
	}
}

func TestPoliciesAreSmallOrComeInParts(t *testing.T) {
	long := shop()
	long.Environment, long.Cluster, long.Account = strings.Repeat("e", 32), strings.Repeat("c", 32), "123456789012"
	crowded := shop()
	for i := range 200 {
		crowded.GivenSecrets = append(crowded.GivenSecrets, fmt.Sprintf("arn:aws:secretsmanager:eu-west-1:123456789012:secret:registries/login-%d-a1b2c3", i))
	}
	for _, c := range []Cluster{shop(), long, crowded} {
		for _, verb := range Verbs() {
			d, _ := Policy(verb, c)
			var parts []string
			for i, p := range d.Parts() {
				if p.Size() > MostManaged {
					t.Errorf("part %d for %s has %d characters", i+1, verb, p.Size())
				}
				parts = append(parts, allowed(p)...)
				sids := map[string]bool{}
				for _, s := range p.Statement {
					sids[s.Sid] = true
				}
				if len(sids) != len(p.Statement) {
					t.Errorf("part %d for %s has a Sid twice", i+1, verb)
				}
			}
			slices.Sort(parts)
			if whole := allowed(d); !slices.Equal(parts, whole) {
				t.Errorf("the parts for %s allow %d things, the whole %d", verb, len(parts), len(whole))
			}
		}
	}
}

// allowed is everything that a document allows: each action of each statement on each resource, with its condition.
func allowed(d Document) []string {
	var out []string
	for _, s := range d.Statement {
		for _, action := range s.Action {
			for _, resource := range s.Resource {
				out = append(out, Statement{"", s.Effect, words{action}, words{resource}, s.Condition}.JSON())
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestNamesThatAreCutAreStillReached(t *testing.T) {
	for _, n := range []int{1, 8, 12, 20, 32} {
		c := shop()
		c.Environment, c.Cluster, c.Account = strings.Repeat("e", n), strings.Repeat("c", n), "123456789012"
		of := c
		of.Account = ""
		for what, arn := range map[string]string{
			"balancer":     c.arn("elasticloadbalancing", "loadbalancer/app/"+c.BalancerName("")+"/0123456789abcdef"),
			"other":        c.arn("elasticloadbalancing", "loadbalancer/app/"+c.BalancerName("internal")+"/0123456789abcdef"),
			"listener":     c.arn("elasticloadbalancing", "listener/app/"+c.BalancerName("internal")+"/0123456789abcdef/1"),
			"classic":      c.arn("elasticloadbalancing", "loadbalancer/"+c.BalancerName("legacy")),
			"target group": c.arn("elasticloadbalancing", "targetgroup/"+c.TargetGroupName("")+"/0123456789abcdef"),
			"role":         c.arn("iam", "role/ecs/"+c.RoleName("instance")),
			"provider":     c.arn("ecs", "capacity-provider/"+c.ProviderName("batch")),
			"group":        c.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/"+c.GroupName("batch")),
			"bucket":       "arn:aws:s3:::" + c.BucketName(),
		} {
			for _, one := range []Cluster{c, of} {
				if !reached(one, arn) {
					t.Errorf("names of %d letters: no statement reaches the %s %s", n, what, arn)
				}
			}
		}
	}
}

// reached tells whether a statement about resources reaches an ARN.
func reached(c Cluster, arn string) bool {
	d, _ := Policy("apply", c)
	return slices.ContainsFunc(d.Statement, func(s Statement) bool {
		return slices.ContainsFunc(s.Resource, func(p string) bool { return p != "*" && matches(p, arn) })
	})
}

func TestTheMissingStatementsAreThoseForTheResource(t *testing.T) {
	for _, tt := range []struct{ action, resource, sids string }{
		{"ec2:CreateSubnet", "arn:aws:ec2:eu-west-1:123456789012:subnet/*", "Make"},
		{"ec2:CreateSubnet", "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1", "Own OwnWithoutKey"},
		{"ec2:CreateTags", "arn:aws:ec2:eu-west-1:123456789012:vpc/*", "TagWhatIsMade"},
		{"ec2:CreateTags", "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1", "Own OwnWithoutKey"},
		{"ec2:RevokeSecurityGroupIngress", "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1", "Own OwnWithoutKey DefaultGroup"},
		{"ec2:RunInstances", "", "Own OwnWithoutKey Launch"},
		{"iam:GetRole", "", "Roles ServiceRoles SeeTaskRoles"},
		{"iam:GetRole", "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", "ServiceRoles SeeTaskRoles"},
		{"iam:GetRole", "arn:aws:iam::123456789012:role/ecs/prod_shop_eu-west-1_task", "Roles SeeTaskRoles"},
		{"ECS:describeclusters", "", "Containers"},
		{"ec2:DescribeVpcs", "", "Anywhere"},
	} {
		var sids []string
		for _, s := range Missing(shop(), tt.action, tt.resource) {
			if len(s.Action) != 1 || !json.Valid([]byte(s.JSON())) {
				t.Errorf("%s on %s: %s", tt.action, tt.resource, s.JSON())
			}
			sids = append(sids, s.Sid)
		}
		if got := strings.Join(sids, " "); got != tt.sids {
			t.Errorf("%s on %s: %s, want %s", tt.action, tt.resource, got, tt.sids)
		}
	}
	if Missing(shop(), "ec2:DeleteEverything", "") != nil {
		t.Error("nobody needs that")
	}
}
