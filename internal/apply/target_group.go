package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func targetGroupEntry() entry { return typed(createTargetGroup, updateTargetGroup, deleteTargetGroup) }

// createTargetGroup may be repeated: AWS answers an equal request of the same name with the group that stands (ELB API
// reference, CreateTargetGroup).
func createTargetGroup(ctx context.Context, j *job, g model.TargetGroup) (model.Handle, error) {
	c := g.Check
	out, err := cloud.Repeat(ctx, j.c, j.c.Balance.CreateTargetGroup, &elbv2.CreateTargetGroupInput{
		Name: aws.String(g.Name), Protocol: types.ProtocolEnum(g.Protocol), Port: aws.Int32(int32(g.Port)),
		VpcId: aws.String(j.have.ID(g.VPC)), TargetType: types.TargetTypeEnumInstance,
		HealthCheckEnabled: aws.Bool(true), HealthCheckProtocol: types.ProtocolEnum(c.Protocol), HealthCheckPort: aws.String(c.Port),
		HealthCheckPath: aws.String(c.Path), HealthCheckIntervalSeconds: aws.Int32(int32(c.Interval)),
		HealthCheckTimeoutSeconds: aws.Int32(int32(c.Timeout)), HealthyThresholdCount: aws.Int32(int32(c.Healthy)),
		UnhealthyThresholdCount: aws.Int32(int32(c.Unhealthy)), Matcher: &types.Matcher{HttpCode: aws.String(c.Codes)},
		Tags: balanceTags(g.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	var h model.Handle
	for _, made := range out.TargetGroups {
		h.ID, h.ARN = aws.ToString(made.TargetGroupArn), aws.ToString(made.TargetGroupArn)
	}
	return h, j.setTargetGroup(ctx, h.ARN, g.Settings)
}

func updateTargetGroup(ctx context.Context, j *job, g model.TargetGroup) (model.Handle, error) {
	h := j.handle()
	if j.differs("health_check.") {
		if err := j.setCheck(ctx, h.ARN, g.Check); err != nil {
			return h, err
		}
	}
	if err := j.setTargetGroup(ctx, h.ARN, j.changed(g.Settings)); err != nil {
		return h, err
	}
	return h, j.retagBalance(ctx, h.ARN, j.change.From.(model.TargetGroup).Tags, g.Tags)
}

// deleteTargetGroup is refused as busy while a listener still sends to the group.
func deleteTargetGroup(ctx context.Context, j *job, _ model.TargetGroup) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: aws.String(j.handle().ARN)})
	return model.Handle{}, gone(err)
}

func (j *job) setCheck(ctx context.Context, arn string, c model.HealthCheck) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.ModifyTargetGroup, &elbv2.ModifyTargetGroupInput{
		TargetGroupArn: aws.String(arn), HealthCheckEnabled: aws.Bool(true), HealthCheckProtocol: types.ProtocolEnum(c.Protocol),
		HealthCheckPort: aws.String(c.Port), HealthCheckPath: aws.String(c.Path),
		HealthCheckIntervalSeconds: aws.Int32(int32(c.Interval)), HealthCheckTimeoutSeconds: aws.Int32(int32(c.Timeout)),
		HealthyThresholdCount: aws.Int32(int32(c.Healthy)), UnhealthyThresholdCount: aws.Int32(int32(c.Unhealthy)),
		Matcher: &types.Matcher{HttpCode: aws.String(c.Codes)},
	})
	return err
}

func (j *job) setTargetGroup(ctx context.Context, arn string, settings model.Settings) error {
	if len(settings) == 0 {
		return nil
	}
	in := &elbv2.ModifyTargetGroupAttributesInput{TargetGroupArn: aws.String(arn)}
	for _, s := range settings {
		in.Attributes = append(in.Attributes, types.TargetGroupAttribute{Key: aws.String(s.Name), Value: aws.String(s.Value)})
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.ModifyTargetGroupAttributes, in)
	return err
}
