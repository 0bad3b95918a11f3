package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/model"
	"berth/internal/observe/shape"
)

func defaultGroupRow() row {
	return row{model.KindDefaultGroup, []func(*look) []call{nothing, securityGroupsInside}, foldDefaultGroup}
}

// nothing is a round in which a kind has nothing to ask, or leaves the way to others: a round with more calls than the fan-out is
// wide takes twice as long.
func nothing(*look) []call { return nil }

func foldDefaultGroup(l *look) {
	for _, g := range l.groupsFound {
		if aws.ToString(g.GroupName) != "default" || aws.ToString(g.VpcId) != l.vpcID() {
			continue
		}
		r := model.DefaultGroup{Ingress: shape.Rules(l.key, g.IpPermissions), Egress: shape.Rules(l.key, g.IpPermissionsEgress)}
		l.add(r, model.Handle{ID: aws.ToString(g.GroupId)})
	}
}
