package render

import (
	"os"
	"path/filepath"
	"testing"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

const lodged = `
environment  = "prod"
cluster      = "shop"
aws_region   = "eu-west-1"
existing_vpc = { vpc_tags = { Name = "shared" }, public_subnet_tags = { Tier = "public" }, private_subnet_tags = { Tier = "private" } }
`

// lodger is a view of a cluster in a VPC of others, of which nothing stands.
func lodger(t *testing.T) View {
	t.Helper()
	v := wanted(t, lodged)
	v.Facts.Existing = &model.ExistingVPC{
		Candidates: []model.Candidate{{ID: "vpc-0123456789abcdef0", Name: "shared", CIDR: "10.9.0.0/16"}}, CIDRs: []string{"10.9.0.0/16", "100.64.0.0/16"},
		Subnets: []model.ExistingSubnet{
			{Tier: model.Public, ID: "subnet-0a", Zone: "eu-west-1a", CIDR: "10.9.0.0/24", Out: "igw-01"},
			{Tier: model.Public, ID: "subnet-0b", Zone: "eu-west-1b", CIDR: "10.9.1.0/24", Out: "igw-01"},
			{Tier: model.Private, ID: "subnet-1a", Zone: "eu-west-1a", CIDR: "10.9.50.0/24", Out: "nat-0a", S3: true},
			{Tier: model.Private, ID: "subnet-1b", Zone: "eu-west-1b", CIDR: "10.9.51.0/24", Out: "tgw-01", Dead: true},
		},
	}
	path := filepath.Join(t.TempDir(), "ecs.tfvars")
	if err := os.WriteFile(path, []byte(lodged), 0o644); err != nil {
		t.Fatal(err)
	}
	c, faults := config.Load(config.Sources{Files: []string{path}})
	if c == nil {
		t.Fatal(faults)
	}
	v.Want = desired.Build(desired.Settle(c, v.Facts), v.Facts)
	return v
}

func TestAVPCOfOthersIsShownAsTheirs(t *testing.T) {
	v := lodger(t)
	golden(t, "existing/plan.txt", Plan(v.planned(t), Style{Width: 110}, false))
	golden(t, "existing/diagram-planned.txt", DiagramText(v, Style{Width: 110}))
	v.stand()
	drift(&v, model.GroupKey("default"), func(g *model.Group) {
		for i := range g.Instances {
			g.Instances[i].Zone = []string{"eu-west-1a", "eu-west-1b"}[i%2]
		}
	})
	v = v.planned(t)
	golden(t, "existing/status.txt", Status(v, Style{Width: 110}))
	golden(t, "existing/diagram.txt", DiagramText(v, Style{Width: 110}))
	golden(t, "existing/diagram.mmd", DiagramMermaid(v))
	golden(t, "existing/outputs.txt", OutputsText(Outputs(v)))
	golden(t, "existing/result.txt", Result(v, ResultInfo{}, Style{Width: 110}))
	b, err := StatusJSON(v)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "existing/status.json", string(b))
}

func TestAMoveShowsWhereToAndWhereFrom(t *testing.T) {
	v := lodger(t)
	v.stand()
	k := model.TargetGroupKey("")
	drift(&v, k, func(g *model.TargetGroup) { g.VPC = model.VPCKey() })
	golden(t, "existing/move.txt", Plan(v.planned(t), Style{Width: 110}, false))
}
