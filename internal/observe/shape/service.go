package shape

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
)

// ServiceHandle tells whether an ECS service is leaving.
func ServiceHandle(s types.Service) model.Handle {
	h := model.Handle{ID: aws.ToString(s.ServiceName), ARN: aws.ToString(s.ServiceArn)}
	if aws.ToString(s.Status) == "DRAINING" {
		h.Status, h.Reason = model.Leaving, "its tasks are being stopped"
	}
	return h
}

// TaskHandle tells whether a task is leaving.
func TaskHandle(t types.Task) model.Handle {
	h := model.Handle{ID: aws.ToString(t.TaskArn), ARN: aws.ToString(t.TaskArn)}
	if aws.ToString(t.DesiredStatus) == "STOPPED" {
		h.Status, h.Reason = model.Leaving, "it is being stopped"
	}
	return h
}

// LastOf is what stands behind the last slash of an ARN.
func LastOf(arn *string) string {
	text := aws.ToString(arn)
	return text[strings.LastIndexByte(text, '/')+1:]
}

// FamilyOf is the family of the task definition that a task runs.
func FamilyOf(t types.Task) string {
	family, _, _ := strings.Cut(LastOf(t.TaskDefinitionArn), ":")
	return family
}
