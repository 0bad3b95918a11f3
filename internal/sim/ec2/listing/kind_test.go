package listing

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/world"
)

func vpcs() Kind[world.VPC] {
	return Kind[world.VPC]{
		Resource: types.ResourceTypeVpc, Prefix: "vpc", Missing: "InvalidVpcID.NotFound", Malformed: "InvalidVpcId.Malformed",
		Text:  "The vpc ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.VPC] { return &r.EC2.VPCs },
		Tags:  func(v *world.VPC) *world.Tags { return &v.Tags },
	}
}

func TestIDsAreFoundOrRefused(t *testing.T) {
	r := world.New(1).Region("eu-west-1")
	for _, id := range []string{"vpc-b", "vpc-a", "vpc-c"} {
		r.EC2.VPCs.Put(id, &world.VPC{ID: id})
	}
	_, err := vpcs().Find(r, "vpc-0123456789abcdef0")
	refused(t, err, "InvalidVpcID.NotFound", "The vpc ID 'vpc-0123456789abcdef0' does not exist")
	_, err = vpcs().Find(r, "vpc-xyz")
	refused(t, err, "InvalidVpcId.Malformed", `Invalid id: "vpc-xyz" (expecting "vpc-...")`)
	_, err = vpcs().Need(r, "vpcId", nil)
	refused(t, err, "MissingParameter", "vpcId")
	_, _, err = vpcs().List(r, Query[world.VPC]{IDs: []string{"vpc-a", "vpc-0123456789abcdef0"}})
	refused(t, err, "InvalidVpcID.NotFound", "vpc-0123456789abcdef0")

	rows, _, err := vpcs().List(r, Query[world.VPC]{IDs: []string{"vpc-a", "vpc-b"}})
	if err != nil || len(rows) != 2 || rows[0].ID != "vpc-b" || rows[1].ID != "vpc-a" {
		t.Errorf("rows by id do not come in the order of their making: %v, %v", rows, err)
	}
}
