{{/* Names */}}
{{- define "everything.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}
{{- define "twice" }}root{{ end }}
