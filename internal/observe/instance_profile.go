package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type profileAnswers struct{ profile *types.InstanceProfile }

func profileRow() row {
	return row{model.KindProfile, []func(*look) []call{profileCalls}, foldProfile}
}

func profileCalls(l *look) []call {
	in := &iam.GetInstanceProfileInput{InstanceProfileName: aws.String(l.scope.RoleName("instance"))}
	return []call{fetch.Maybe(l, l.c.IAM.GetInstanceProfile, in, func(out *iam.GetInstanceProfileOutput) { l.profile = out.InstanceProfile })}
}

func foldProfile(l *look) {
	if l.profile == nil {
		return
	}
	name, tags := aws.ToString(l.profile.InstanceProfileName), shape.IAMTags(l.profile.Tags)
	if _, ok := l.mine(tags, model.KindProfile); !ok {
		l.stray(model.ProfileKey(), name, "instance profile "+name)
		return
	}
	r := model.Profile{Name: name, Path: aws.ToString(l.profile.Path), Tags: tags.Own()}
	for _, role := range l.profile.Roles {
		r.Role = l.key(aws.ToString(role.Arn))
	}
	l.add(r, model.Handle{ID: name, ARN: aws.ToString(l.profile.Arn)})
	l.bind(r.Key(), "profile:"+name)
}
