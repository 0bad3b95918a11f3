package shape

import (
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// NATStatus reads the state of a NAT gateway.
func NATStatus(s types.NatGatewayState) model.Status {
	switch s {
	case types.NatGatewayStatePending:
		return model.Pending
	case types.NatGatewayStateDeleting, types.NatGatewayStateDeleted:
		return model.Leaving
	case types.NatGatewayStateFailed:
		return model.Failed
	default:
		return model.Ready
	}
}
