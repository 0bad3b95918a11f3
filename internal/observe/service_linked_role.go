package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"berth/internal/model"
	"berth/internal/observe/fetch"
)

type serviceRoleAnswers struct{ serviceRoles map[string]string } // ARN by service

func serviceRoleRow() row {
	return row{model.KindServiceRole, []func(*look) []call{serviceRoleCalls}, foldServiceRoles}
}

// serviceRoleNames are AWS's names of the roles that berth may need (IAM user guide, "Service-linked roles").
func serviceRoleNames() map[string]string {
	return map[string]string{
		"autoscaling": "AWSServiceRoleForAutoScaling", "ecs": "AWSServiceRoleForECS",
		"elasticloadbalancing": "AWSServiceRoleForElasticLoadBalancing", "spot": "AWSServiceRoleForEC2Spot",
	}
}

func serviceRoleCalls(l *look) []call {
	l.serviceRoles = map[string]string{}
	var calls []call
	for _, service := range []string{"autoscaling", "ecs", "elasticloadbalancing", "spot"} {
		in := &iam.GetRoleInput{RoleName: aws.String(serviceRoleNames()[service])}
		calls = append(calls, fetch.Maybe(l, l.c.IAM.GetRole, in, func(out *iam.GetRoleOutput) {
			l.serviceRoles[service] = aws.ToString(out.Role.Arn)
		}))
	}
	return calls
}

func foldServiceRoles(l *look) {
	for _, service := range []string{"autoscaling", "ecs", "elasticloadbalancing", "spot"} {
		if arn := l.serviceRoles[service]; arn != "" {
			l.add(model.ServiceRole{Service: service}, model.Handle{ID: serviceRoleNames()[service], ARN: arn})
		}
	}
}
