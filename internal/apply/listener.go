package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func listenerEntry() entry { return typed(createListener, updateListener, deleteListener) }

// createListener may be repeated: AWS answers an equal request for the same port with the listener that stands (ELB
// API reference, CreateListener).
func createListener(ctx context.Context, j *job, l model.Listener) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.Balance.CreateListener, &elbv2.CreateListenerInput{
		LoadBalancerArn: aws.String(j.have.Handle(model.LoadBalancerKey(l.Balancer)).ARN), Port: aws.Int32(int32(l.Port)),
		Protocol: types.ProtocolEnum(l.Protocol), DefaultActions: j.forward(l), Tags: balanceTags(l.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	var h model.Handle
	for _, made := range out.Listeners {
		h.ID, h.ARN = aws.ToString(made.ListenerArn), aws.ToString(made.ListenerArn)
	}
	return h, nil
}

func updateListener(ctx context.Context, j *job, l model.Listener) (model.Handle, error) {
	h := j.handle()
	if j.differs("protocol", "default_target") {
		_, err := cloud.Repeat(ctx, j.c, j.c.Balance.ModifyListener, &elbv2.ModifyListenerInput{
			ListenerArn: aws.String(h.ARN), Protocol: types.ProtocolEnum(l.Protocol), DefaultActions: j.forward(l),
		})
		if err != nil {
			return h, err
		}
	}
	return h, j.retagBalance(ctx, h.ARN, j.change.From.(model.Listener).Tags, l.Tags)
}

func deleteListener(ctx context.Context, j *job, _ model.Listener) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.DeleteListener, &elbv2.DeleteListenerInput{ListenerArn: aws.String(j.handle().ARN)})
	return model.Handle{}, gone(err)
}

// forward sends what no rule claims to the listener's default target group.
func (j *job) forward(l model.Listener) []types.Action {
	return []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: aws.String(j.have.ID(l.Target))}}
}
